// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/label_check.h"
#include "rollout/pod/name_rules.h"
#include "rollout/pod/quantities.h"
#include "rollout/pod/volume_check.h"

namespace tiphys::rollout {

using object::Value;

namespace {

void checkAccessModes(const Value &modes, const FieldPath &path, Findings &findings)
{
    bool hasSingle = false;
    bool hasOther = false;
    for (const Value &mode : modes.items()) {
        const std::size_t before = findings.size();
        findings.oneOf(path, mode, {"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"});
        const bool isKnown = findings.size() == before;
        hasSingle = hasSingle || mode.stringOr() == "ReadWriteOncePod";
        hasOther = hasOther || (isKnown && mode.stringOr() != "ReadWriteOncePod");
    }
    if (hasSingle && hasOther)
        findings.forbidden(path, "may not use ReadWriteOncePod with other access modes");
}

/// dataSource and dataSourceRef.
void checkSource(const Value &source, const FieldPath &path, Findings &findings)
{
    for (const char *key : {"name", "kind"}) {
        if (textIn(source, key).empty())
            findings.required(path.child(key));
    }
    const std::string_view group = textIn(source, "apiGroup");
    if (group.empty() && textIn(source, "kind") != "PersistentVolumeClaim")
        findings.invalid(path, Value(textIn(source, "kind")),
                         "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
    if (!group.empty())
        findings.each(path.child("apiGroup"), group, dnsSubdomainProblems(group));
    if (const std::string_view ns = textIn(source, "namespace"); !ns.empty())
        findings.each(path.child("namespace"), ns, dnsLabelProblems(ns));
}

void checkSources(const Value &spec, const FieldPath &path, Findings &findings)
{
    const Value source = spec["dataSource"];
    const Value reference = spec["dataSourceRef"];
    if (isSet(source))
        checkSource(source.without("namespace"), path.child("dataSource"), findings);
    if (isSet(reference))
        checkSource(reference, path.child("dataSourceRef"), findings);
    if (!isSet(source) || !isSet(reference))
        return;
    // Go shows a path here, which has no visible parts.
    const bool isSame = source["apiGroup"] == reference["apiGroup"]
                        && textIn(source, "kind") == textIn(reference, "kind")
                        && textIn(source, "name") == textIn(reference, "name");
    if (!textIn(reference, "namespace").empty())
        findings.invalidJson(path, "{}", "may not be specified when dataSourceRef.namespace is specified");
    else if (!isSame)
        findings.invalidJson(path, "{}", "must match dataSourceRef");
}

void checkStorage(const Value &spec, const FieldPath &path, Findings &findings)
{
    const FieldPath resourcesPath = path.child("resources");
    const FieldPath storagePath = resourcesPath.key("storage");
    const auto storage = quantityOf(spec.path({"resources", "requests", "storage"}));
    if (!storage)
        findings.required(storagePath);
    else if (storage->isZero() || storage->isNegative())
        findings.invalid(storagePath, Value(storage->text()), "must be greater than zero");
}

void checkClass(const Value &spec, const char *key, const FieldPath &path, Findings &findings)
{
    if (const std::string_view name = textIn(spec, key); !name.empty())
        findings.each(path.child(key), name, dnsSubdomainProblems(name));
}

} // namespace

void checkClaimSpec(const Value &spec, const FieldPath &path, Findings &findings)
{
    const FieldPath modesPath = path.child("accessModes");
    if (spec["accessModes"].size() == 0)
        findings.required(modesPath, "at least 1 access mode is required");
    checkLabelSelector(spec["selector"], path.child("selector"), findings);
    checkAccessModes(spec["accessModes"], modesPath, findings);
    checkStorage(spec, path, findings);
    checkClass(spec, "storageClassName", path, findings);
    findings.oneOf(path.child("volumeMode"), spec["volumeMode"], {"Block", "Filesystem"});
    checkSources(spec, path, findings);
    checkClass(spec, "volumeAttributesClassName", path, findings);
}

} // namespace tiphys::rollout
