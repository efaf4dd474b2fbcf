// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/decode.h"

#include "kube/status_error.h"
#include "object/json.h"
#include "object/list_reader.h"

namespace tiphys::kube {

using object::Object;
using object::Value;

namespace {

std::optional<ports::WatchEventType> eventTypeOf(std::string_view text)
{
    if (text == "ADDED")
        return ports::WatchEventType::Added;
    if (text == "MODIFIED")
        return ports::WatchEventType::Modified;
    if (text == "DELETED")
        return ports::WatchEventType::Deleted;
    if (text == "BOOKMARK")
        return ports::WatchEventType::Bookmark;
    return std::nullopt;
}

} // namespace

Object decoded(const Object &object, const Decoding &decoding)
{
    Value value = object.value();
    // Items of lists carry no kind, and objects asked for their metadata carry that of the envelope.
    if (object.kind().empty() || decoding.detail == ports::Detail::Metadata)
        value = value.with("apiVersion", decoding.type.apiVersion()).with("kind", decoding.type.kind);
    if (decoding.managedFields == ports::ManagedFields::Dropped && value.path({"metadata", "managedFields"}).isList())
        value = value.withoutPath({"metadata", "managedFields"});
    Object result(value);
    if (decoding.transform)
        result = decoding.transform(std::move(result));
    return Object(result.value().compacted());
}

Expected<ListPage> decodeList(std::string_view json, const Decoding &decoding)
{
    const object::ListOptions options{.dropsManagedFields = decoding.managedFields == ports::ManagedFields::Dropped};
    Expected<object::ListPage> read = object::parseKubernetesList(json, options);
    if (!read)
        return std::unexpected(read.error().in("list of " + decoding.type.text()));
    ListPage page{.resourceVersion = std::move(read->resourceVersion), .continueToken = std::move(read->continueToken)};
    page.remaining = static_cast<std::size_t>(std::max<std::int64_t>(0, read->remainingItemCount.value_or(0)));
    page.items.reserve(read->items.size());
    for (Value &item : read->items) {
        const Object object(std::move(item));
        const bool isReady = decoding.detail == ports::Detail::Full && !decoding.transform && !object.kind().empty();
        page.items.push_back(isReady ? object : decoded(object, decoding));
    }
    return page;
}

WatchPart decodeWatch(std::string_view lines, const Decoding &decoding)
{
    WatchPart part;
    while (!lines.empty()) {
        const std::size_t end = lines.find('\n');
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
        if (line.find_first_not_of(" \r") == std::string_view::npos)
            continue;
        const Expected<Value> event = object::parseJson(line);
        if (!event) {
            part.error = event.error().in("watch of " + decoding.type.text());
            return part;
        }
        const std::string_view type = (*event)["type"].stringOr();
        const Value object = (*event)["object"];
        if (const std::optional<ports::WatchEventType> known = eventTypeOf(type); known && object.isMap()) {
            part.events.push_back({*known, decoded(Object(object), decoding)});
            continue;
        }
        const int code = static_cast<int>(object["code"].intOr(500));
        part.error = statusError(code, object, {}, "watch " + decoding.type.text(), Effect::Read);
        return part;
    }
    return part;
}

} // namespace tiphys::kube
