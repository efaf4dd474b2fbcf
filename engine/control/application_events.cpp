// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/application_events.h"

#include "control/reconciler_choice.h"
#include "crd/names.h"

namespace tiphys::control {

using object::Object;
using object::Value;

Async<void> recordEvent(ports::ClusterPtr cluster, crd::Application app, sync::Event event, crd::Timestamp now,
                        CancelToken cancel)
{
    static const ports::ResourceType kEvents{"", "v1", "events", "Event", true};
    const std::string time = now.text();
    const std::string ns(app.ns());
    const Object object(
        Value::map({{"apiVersion", "v1"},
                    {"kind", "Event"},
                    {"metadata", Value::map({{"generateName", std::string(app.name()) + "."}, {"namespace", ns}})},
                    {"involvedObject", Value::map({{"apiVersion", crd::kApiVersion},
                                                   {"kind", crd::kApplicationKind},
                                                   {"name", app.name()},
                                                   {"namespace", ns},
                                                   {"uid", app.object.uid()},
                                                   {"resourceVersion", app.object.resourceVersion()}})},
                    {"source", Value::map({{"component", kEngineFieldManager}})},
                    {"type", event.type},
                    {"reason", event.reason},
                    {"message", event.message},
                    {"count", 1},
                    {"firstTimestamp", time},
                    {"lastTimestamp", time}}));
    ports::WriteOptions options;
    options.fieldManager = std::string(kEngineFieldManager);
    const Expected<ports::Written> written = co_await cluster->create(kEvents, object, options, cancel);
    if (!written)
        co_return std::unexpected(written.error());
    co_return {};
}

std::vector<sync::Event> changeEvents(const crd::Application &app, const crd::ApplicationStatus &status)
{
    std::vector<sync::Event> events;
    const auto add = [&](std::string_view what, std::string_view before, std::string_view after) {
        if (before != after)
            events.push_back({.type = "Normal",
                              .reason = "ResourceUpdated",
                              .message = "Updated " + std::string(what) + " status: " + std::string(before) + " -> "
                                         + std::string(after)});
    };
    add("sync", crd::text(app.status.sync.status), crd::text(status.sync.status));
    add("health", crd::text(app.status.health.status), crd::text(status.health.status));
    return events;
}

} // namespace tiphys::control
