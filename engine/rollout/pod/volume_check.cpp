// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/volume_check.h"

#include "rollout/pod/name_rules.h"
#include "rollout/pod/path_check.h"
#include "rollout/pod/quantities.h"
#include "rollout/pod/volume_sources.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

namespace {

/// The kinds of source of a volume; of several the first is looked into.
void checkSources(const Value &volume, const FieldPath &path, Findings &findings)
{
    bool hasSource = false;
    if (const Value empty = volume["emptyDir"]; isSet(empty)) {
        hasSource = true;
        if (const auto limit = quantityOf(empty["sizeLimit"]); limit && limit->isNegative())
            findings.forbidden(path.child("emptyDir.sizeLimit"), "SizeLimit field must be a valid resource quantity");
    }
    for (const VolumeSource &kind : volumeSources()) {
        const Value source = volume[kind.name];
        if (!isSet(source))
            continue;
        if (hasSource)
            findings.forbidden(path.child(kind.refusedAs), "may not specify more than 1 volume type");
        else
            kind.check(source, path.child(kind.checkedAs), findings);
        hasSource = true;
        if (kind.name == "iscsi")
            checkInitiatorLength(volume, path, findings);
    }
    // Without a source a volume is an emptyDir, by default.
}

} // namespace

bool isEmptyDirectory(const Value &volume)
{
    return isSet(volume["emptyDir"]) || std::ranges::none_of(volumeSources(), [&volume](const VolumeSource &kind) {
               return isSet(volume[kind.name]);
           });
}

void checkKeyFile(const Value &file, const FieldPath &path, Findings &findings)
{
    if (textIn(file, "key").empty())
        findings.required(path.child("key"));
    if (textIn(file, "path").empty())
        findings.required(path.child("path"));
    checkLocal(textIn(file, "path"), path.child("path"), findings);
    checkMode(file["mode"], path.child("mode"), findings);
}

Volumes checkVolumes(const Value &volumes, const FieldPath &path, Findings &findings)
{
    Volumes sound;
    eachItem(volumes, path, [&](const Value &volume, const FieldPath &volumePath) {
        const std::size_t before = findings.size();
        const std::string name(textIn(volume, "name"));
        const FieldPath namePath = volumePath.child("name");
        checkSources(volume, volumePath, findings);
        if (name.empty())
            findings.required(namePath);
        else
            findings.each(namePath, name, dnsLabelProblems(name));
        if (sound.contains(name))
            findings.duplicate(namePath, name);
        if (findings.size() == before)
            sound.emplace(name, volume);
    });
    return sound;
}

} // namespace tiphys::rollout
