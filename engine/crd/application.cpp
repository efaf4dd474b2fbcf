// SPDX-License-Identifier: GPL-3.0-or-later
#include "crd/application.h"

#include "crd/field_writer.h"
#include "crd/names.h"

#include <algorithm>

namespace tiphys::crd {

namespace {

using object::Value;

AutomatedSync readAutomated(const FieldReader &reader)
{
    return {reader.optionalBoolean("prune"), reader.optionalBoolean("selfHeal"), reader.optionalBoolean("allowEmpty"),
            reader.optionalBoolean("enabled")};
}

SyncPolicy readSyncPolicy(const FieldReader &reader)
{
    return {readOptional(reader, "automated", readAutomated), reader.texts("syncOptions"),
            readOptional(reader, "retry", readRetryStrategy),
            readOptional(reader, "managedNamespaceMetadata", readManagedNamespaceMetadata)};
}

SourceHydrator readHydrator(const FieldReader &reader)
{
    SourceHydrator hydrator;
    hydrator.value = reader.value();
    hydrator.drySource = readSource(reader.objectOrEmpty("drySource"));
    const FieldReader sync = reader.objectOrEmpty("syncSource");
    hydrator.syncRepoUrl = sync.text("repoURL");
    hydrator.syncBranch = sync.text("targetBranch");
    hydrator.syncPath = sync.text("path");
    hydrator.hydrateToBranch = reader.objectOrEmpty("hydrateTo").text("targetBranch");
    return hydrator;
}

ApplicationSpec readSpec(const FieldReader &reader)
{
    ApplicationSpec spec;
    spec.value = reader.value();
    spec.source = readOptional(reader, "source", readSource);
    spec.sources = readList(reader, "sources", readSource);
    spec.sourceHydrator = readOptional(reader, "sourceHydrator", readHydrator);
    spec.destination = readDestination(reader.objectOrEmpty("destination"));
    spec.project = reader.text("project");
    spec.syncPolicy = readOptional(reader, "syncPolicy", readSyncPolicy);
    spec.ignoreDifferences = readList(reader, "ignoreDifferences", readIgnoreDifference);
    spec.info = readList(reader, "info",
                         [](const FieldReader &item) { return NamedText{item.text("name"), item.text("value")}; });
    spec.revisionHistoryLimit = reader.optionalInteger("revisionHistoryLimit");
    return spec;
}

Application readApplication(const FieldReader &reader)
{
    Application app;
    app.object = object::Object(reader.value());
    app.spec = readSpec(reader.objectOrEmpty("spec"));
    app.status = readStatus(reader.objectOrEmpty("status"));
    app.operation = readOptional(reader, "operation", readOperation);
    const FieldReader metadata = reader.objectOrEmpty("metadata");
    // Read for their types alone: the object gives them without checks.
    metadata.text("name");
    metadata.text("namespace");
    metadata.textMap("annotations");
    metadata.textMap("labels");
    return app;
}

} // namespace

ApplicationSource SourceHydrator::syncSource() const
{
    ApplicationSource source;
    source.repoUrl = syncRepoUrl.empty() ? drySource.repoUrl : syncRepoUrl;
    source.path = syncPath;
    source.targetRevision = syncBranch;
    return source;
}

ApplicationSource ApplicationSpec::effectiveSource() const
{
    if (sourceHydrator)
        return sourceHydrator->syncSource();
    if (!sources.empty())
        return sources.front();
    return source.value_or(ApplicationSource{});
}

std::vector<ApplicationSource> ApplicationSpec::effectiveSources() const
{
    if (hasMultipleSources())
        return sources;
    return {effectiveSource()};
}

std::int64_t ApplicationSpec::effectiveHistoryLimit() const
{
    constexpr std::int64_t fallback = 10;
    return std::max<std::int64_t>(revisionHistoryLimit.value_or(fallback), 0);
}

bool ApplicationSpec::hasSyncOption(std::string_view option) const
{
    return syncPolicy && std::ranges::find(syncPolicy->syncOptions, option) != syncPolicy->syncOptions.end();
}

std::string Application::instanceName(std::string_view controlPlaneNamespace) const
{
    if (ns().empty() || ns() == controlPlaneNamespace)
        return std::string(name());
    return std::string(ns()) + "_" + std::string(name());
}

std::string Application::qualifiedName() const
{
    return std::string(ns()) + "/" + std::string(name());
}

Expected<Application> applicationOf(const object::Object &object)
{
    return readDocument(object.value(), {}, readApplication);
}

bool isApplication(const object::Object &object)
{
    return object.kind() == kApplicationKind && object.group() == kGroup;
}

Value normalizedSpec(const ApplicationSpec &spec)
{
    Value value = spec.value;
    if (spec.project.empty())
        value = value.with("project", Value(kDefaultProject));
    if (spec.syncPolicy && spec.syncPolicy->isZero())
        value = value.without("syncPolicy");
    if (spec.sources.empty() && spec.source) {
        const Value source = normalized(*spec.source).value;
        if (source != spec.source->value)
            value = value.with("source", source);
    }
    return value;
}

} // namespace tiphys::crd
