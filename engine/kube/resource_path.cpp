// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/resource_path.h"

#include "object/json.h"

namespace tiphys::kube {

using object::Value;

std::string percentEncoded(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const bool isUnreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
                                  || c == '.' || c == '_' || c == '~';
        if (isUnreserved) {
            result += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        result += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return result;
}

std::string queryText(const Query &query)
{
    std::string text;
    for (const auto &[key, value] : query) {
        text += text.empty() ? '?' : '&';
        text += percentEncoded(key) + "=" + percentEncoded(value);
    }
    return text;
}

std::string collectionPath(const ports::ResourceType &type, std::string_view ns)
{
    std::string path = type.group.empty() ? "/api/" : "/apis/" + percentEncoded(type.group) + "/";
    path += percentEncoded(type.version);
    if (type.isNamespaced && !ns.empty())
        path += "/namespaces/" + percentEncoded(ns);
    return path + "/" + percentEncoded(type.plural);
}

std::string objectPath(const ports::ObjectRef &ref, std::string_view subresource)
{
    const std::string path = collectionPath(ref.type, ref.ns) + "/" + percentEncoded(ref.name);
    return subresource.empty() ? path : path + "/" + std::string(subresource);
}

Query selectionQuery(const ports::Selection &selection)
{
    Query query;
    if (!selection.labelSelector.empty())
        query.emplace_back("labelSelector", selection.labelSelector);
    if (!selection.fieldSelector.empty())
        query.emplace_back("fieldSelector", selection.fieldSelector);
    return query;
}

Query writeQuery(const ports::WriteOptions &options, bool isApply)
{
    Query query{{"fieldManager", options.fieldManager}};
    if (options.dryRun == ports::DryRun::All)
        query.emplace_back("dryRun", "All");
    if (isApply && options.force == ports::Force::Yes)
        query.emplace_back("force", "true");
    switch (options.fieldValidation) {
    case ports::FieldValidation::Ignore: query.emplace_back("fieldValidation", "Ignore"); break;
    case ports::FieldValidation::Warn: query.emplace_back("fieldValidation", "Warn"); break;
    case ports::FieldValidation::Strict: query.emplace_back("fieldValidation", "Strict"); break;
    }
    return query;
}

std::string_view patchMediaType(ports::PatchType type)
{
    switch (type) {
    case ports::PatchType::Json: return "application/json-patch+json";
    case ports::PatchType::Merge: return "application/merge-patch+json";
    case ports::PatchType::StrategicMerge: return "application/strategic-merge-patch+json";
    case ports::PatchType::Apply: return "application/apply-patch+yaml";
    }
    return "application/json";
}

std::string_view acceptType(ports::Detail detail, Shape shape)
{
    if (detail == ports::Detail::Full)
        return "application/json";
    return shape == Shape::List ? "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io"
                                : "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
}

std::string deleteBody(const ports::DeleteOptions &options)
{
    Value body = Value::map({{"apiVersion", "v1"}, {"kind", "DeleteOptions"}});
    if (options.propagation) {
        constexpr const char *names[] = {"Background", "Foreground", "Orphan"};
        body = body.with("propagationPolicy", names[static_cast<int>(*options.propagation)]);
    }
    if (options.gracePeriodSeconds)
        body = body.with("gracePeriodSeconds", *options.gracePeriodSeconds);
    if (!options.uid.empty())
        body = body.withPath({"preconditions", "uid"}, options.uid);
    if (!options.resourceVersion.empty())
        body = body.withPath({"preconditions", "resourceVersion"}, options.resourceVersion);
    if (options.dryRun == ports::DryRun::All)
        body = body.with("dryRun", Value::list({"All"}));
    return object::toJson(body);
}

Query logQuery(const ports::LogOptions &options)
{
    Query query;
    if (!options.container.empty())
        query.emplace_back("container", options.container);
    if (options.follows)
        query.emplace_back("follow", "true");
    if (options.isPrevious)
        query.emplace_back("previous", "true");
    if (options.hasTimestamps)
        query.emplace_back("timestamps", "true");
    if (options.sinceSeconds)
        query.emplace_back("sinceSeconds", std::to_string(*options.sinceSeconds));
    if (!options.sinceTime.empty())
        query.emplace_back("sinceTime", options.sinceTime);
    if (options.tailLines)
        query.emplace_back("tailLines", std::to_string(*options.tailLines));
    if (options.limitBytes)
        query.emplace_back("limitBytes", std::to_string(*options.limitBytes));
    return query;
}

} // namespace tiphys::kube
