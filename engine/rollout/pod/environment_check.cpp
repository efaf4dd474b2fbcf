// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/environment_check.h"

#include "rollout/pod/field_reference.h"
#include "rollout/pod/name_rules.h"
#include "rollout/pod/path_check.h"

namespace tiphys::rollout {

using object::Value;

namespace {

/// configMapKeyRef and secretKeyRef.
void checkKeyReference(const Value &reference, const FieldPath &path, Findings &findings)
{
    const std::string_view name = textIn(reference, "name");
    findings.each(path.child("name"), name, dnsSubdomainProblems(name));
    const std::string_view key = textIn(reference, "key");
    if (key.empty())
        findings.required(path.child("key"));
    else
        findings.each(path.child("key"), key, configKeyProblems(key));
}

void checkFileReference(const Value &reference, const FieldPath &path, Findings &findings)
{
    const std::string_view key = textIn(reference, "key");
    if (key.empty())
        findings.required(path.child("key"));
    else
        findings.each(path.child("key"), key, relaxedEnvironmentNameProblems(key));
    const std::string_view volume = textIn(reference, "volumeName");
    if (volume.empty())
        findings.required(path.child("volumeName"));
    else
        findings.each(path.child("volumeName"), volume, dnsLabelProblems(volume));
    const std::string_view file = textIn(reference, "path");
    if (file.empty())
        findings.required(path.child("path"));
    else
        checkNoBackstep(file, path.child("path"), findings);
}

/// The sources of \p from that are set; each is checked.
int checkSources(const Value &from, const FieldPath &path, Findings &findings)
{
    int count = 0;
    const auto look = [&](const char *name, auto check) {
        const Value source = from[name];
        if (!isSet(source))
            return;
        ++count;
        check(source, path.child(name));
    };
    look("fieldRef", [&](const Value &source, const FieldPath &at) {
        checkFieldReference(source, ReferenceUse::Environment, at, findings);
    });
    look("resourceFieldRef", [&](const Value &source, const FieldPath &at) {
        checkResourceReference(source, ReferenceUse::Environment, at, findings);
    });
    for (const char *name : {"configMapKeyRef", "secretKeyRef"})
        look(name, [&](const Value &source, const FieldPath &at) { checkKeyReference(source, at, findings); });
    look("fileKeyRef", [&](const Value &source, const FieldPath &at) { checkFileReference(source, at, findings); });
    return count;
}

void checkVariable(const Value &variable, const FieldPath &path, Findings &findings)
{
    const std::string_view name = textIn(variable, "name");
    if (name.empty())
        findings.required(path.child("name"));
    else
        findings.each(path.child("name"), name, environmentNameProblems(name));
    const Value from = variable["valueFrom"];
    if (!isSet(from))
        return;
    const FieldPath fromPath = path.child("valueFrom");
    const int sources = checkSources(from, fromPath, findings);
    if (sources == 0)
        findings.invalid(fromPath, "",
                         "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`");
    else if (!textIn(variable, "value").empty())
        findings.invalid(fromPath, "", "may not be specified when `value` is not empty");
    else if (sources > 1)
        findings.invalid(fromPath, "", "may not have more than one field specified at a time");
}

/// True if a ConfigMap or Secret is named.
bool checkWhole(const Value &reference, const FieldPath &path, Findings &findings)
{
    if (!isSet(reference))
        return false;
    std::string name(textIn(reference, "name"));
    const FieldPath namePath = path.child("name");
    if (name.empty()) {
        findings.required(namePath);
        return true;
    }
    // A dash at the end is taken for the beginning of something longer.
    std::string masked = name;
    if (masked.size() > 1 && masked.ends_with('-'))
        masked = masked.substr(0, masked.size() - 2) + "a";
    findings.each(namePath, name, dnsSubdomainProblems(masked));
    return true;
}

} // namespace

void checkEnvironment(const Value &container, const FieldPath &path, Findings &findings)
{
    eachItem(container["env"], path.child("env"), [&](const Value &variable, const FieldPath &variablePath) {
        checkVariable(variable, variablePath, findings);
    });
    const FieldPath listPath = path.child("envFrom");
    eachItem(container["envFrom"], listPath, [&](const Value &source, const FieldPath &sourcePath) {
        const std::string_view prefix = textIn(source, "prefix");
        if (!prefix.empty())
            findings.each(sourcePath.child("prefix"), prefix, environmentNameProblems(prefix));
        const bool hasMap = checkWhole(source["configMapRef"], sourcePath.child("configMapRef"), findings);
        const bool hasSecret = checkWhole(source["secretRef"], sourcePath.child("secretRef"), findings);
        if (!hasMap && !hasSecret)
            findings.invalid(listPath, "", "must specify one of: `configMapRef` or `secretRef`");
        else if (hasMap && hasSecret)
            findings.invalid(listPath, "", "may not have more than one field specified at a time");
    });
}

} // namespace tiphys::rollout
