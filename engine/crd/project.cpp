// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/project.h"

#include "crd/names.h"

namespace tiphys::crd {

namespace {

using object::Value;

KindPattern readKindPattern(const FieldReader &reader)
{
    return {reader.text("group"), reader.text("kind"), reader.text("name")};
}

SyncWindow readWindow(const FieldReader &reader)
{
    SyncWindow window;
    window.kind = reader.text("kind");
    window.schedule = reader.text("schedule");
    window.duration = reader.text("duration");
    window.applications = reader.texts("applications");
    window.namespaces = reader.texts("namespaces");
    window.clusters = reader.texts("clusters");
    window.manualSync = reader.boolean("manualSync");
    window.timeZone = reader.text("timeZone");
    window.useAndOperator = reader.boolean("andOperator");
    window.description = reader.text("description");
    window.syncOverrun = reader.boolean("syncOverrun");
    return window;
}

ProjectRole readRole(const FieldReader &reader)
{
    return {reader.text("name"), reader.text("description"), reader.texts("policies"), reader.texts("groups"),
            readList(reader, "jwtTokens", [](const FieldReader &item) {
                return ProjectToken{item.integer("iat"), item.integer("exp"), item.text("id")};
            })};
}

OrphanedResources readOrphaned(const FieldReader &reader)
{
    return {reader.optionalBoolean("warn"), readList(reader, "ignore", readKindPattern)};
}

ProjectSpec readSpec(const FieldReader &reader)
{
    ProjectSpec spec;
    spec.value = reader.value();
    spec.description = reader.text("description");
    spec.sourceRepos = reader.texts("sourceRepos");
    spec.destinations = readList(reader, "destinations", readDestination);
    spec.clusterResourceWhitelist = readList(reader, "clusterResourceWhitelist", readKindPattern);
    spec.clusterResourceBlacklist = readList(reader, "clusterResourceBlacklist", readKindPattern);
    if (!reader.any("namespaceResourceWhitelist").isNull())
        spec.namespaceResourceWhitelist = readList(reader, "namespaceResourceWhitelist", readKindPattern);
    spec.namespaceResourceBlacklist = readList(reader, "namespaceResourceBlacklist", readKindPattern);
    spec.sourceNamespaces = reader.texts("sourceNamespaces");
    spec.permitOnlyProjectScopedClusters = reader.boolean("permitOnlyProjectScopedClusters");
    spec.destinationServiceAccounts = readList(reader, "destinationServiceAccounts", [](const FieldReader &item) {
        return DestinationServiceAccount{item.text("server"), item.text("namespace"),
                                         item.text("defaultServiceAccount")};
    });
    spec.orphanedResources = readOptional(reader, "orphanedResources", readOrphaned);
    spec.syncWindows = readList(reader, "syncWindows", readWindow);
    for (const FieldReader &key : reader.objects("signatureKeys"))
        spec.signatureKeys.push_back(key.text("keyID"));
    spec.sourceIntegrity = reader.any("sourceIntegrity");
    spec.roles = readList(reader, "roles", readRole);
    return spec;
}

} // namespace

Expected<Project> projectOf(const object::Object &object)
{
    return readDocument(object.value(), {}, [](const FieldReader &reader) {
        return Project{object::Object(reader.value()), readSpec(reader.objectOrEmpty("spec"))};
    });
}

Project defaultProject(std::string_view ns)
{
    const Value everyKind = Value::map({{"group", "*"}, {"kind", "*"}});
    const Value everywhere = Value::map({{"server", "*"}, {"namespace", "*"}});
    const Value spec = Value::map({{"sourceRepos", Value::list({"*"})},
                                   {"destinations", Value::list({everywhere})},
                                   {"clusterResourceWhitelist", Value::list({everyKind})}});
    const Value metadata = Value::map({{"name", kDefaultProject}, {"namespace", ns}});
    const object::Object object(
        Value::map({{"apiVersion", kApiVersion}, {"kind", kProjectKind}, {"metadata", metadata}, {"spec", spec}}));
    return projectOf(object).value_or(Project{});
}

} // namespace tiphys::crd
