// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/event_recorder.h"

#include "crd/timestamp.h"

#include <algorithm>
#include <cstdio>

namespace tiphys::control {

using object::Object;
using object::Value;

namespace {

constexpr double kBurst = 25;
constexpr double kRefillMilliseconds = 300'000;
constexpr std::size_t kMostKnown = 4096;

const ports::ResourceType kEvents{"", "v1", "events", "Event", true};

std::string hex(std::int64_t number)
{
    char text[32];
    std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(number));
    return text;
}

} // namespace

EventRecorder::EventRecorder(ports::ClusterPtr cluster, std::shared_ptr<const ports::Clock> clock, std::string component)
    : m_cluster(std::move(cluster)), m_clock(std::move(clock)), m_component(std::move(component))
{
}

bool EventRecorder::takesToken(const std::string &kind, ports::WallTime now)
{
    if (m_buckets.size() > kMostKnown)
        m_buckets.clear();
    Bucket &bucket = m_buckets.try_emplace(kind, Bucket{kBurst, now}).first->second;
    bucket.tokens = std::min(kBurst, bucket.tokens + static_cast<double>(now - bucket.at) / kRefillMilliseconds);
    bucket.at = now;
    if (bucket.tokens < 1)
        return false;
    bucket.tokens -= 1;
    return true;
}

Async<void> EventRecorder::record(Object about, RecordedEvent event, CancelToken cancel)
{
    const ports::WallTime now = m_clock->now();
    const std::string kind = std::string(about.uid()) + "\n" + (event.isWarning ? "W" : "N");
    if (!takesToken(kind, now))
        co_return {};
    const std::string key = kind + event.reason + "\n" + event.message;
    const std::string moment = crd::Timestamp{now / 1000}.text();
    const std::string ns(about.ns().empty() ? "default" : about.ns());
    if (const auto known = m_known.find(key); known != m_known.end()) {
        ++known->second.count;
        const Value body = Value::map({{"count", known->second.count}, {"lastTimestamp", moment}});
        const Expected<ports::Written> counted = co_await m_cluster->patch({kEvents, ns, known->second.name},
                                                                           {ports::PatchType::StrategicMerge, body}, {}, cancel);
        if (counted || counted.error().code() != ErrorCode::NotFound)
            co_return {};
        m_known.erase(key);
    }
    if (m_known.size() > kMostKnown)
        m_known.clear();
    const std::string name = std::string(about.name()) + "." + hex(now * 1'000'000 + static_cast<std::int64_t>(m_known.size()));
    const Value body = Value::map(
        {{"apiVersion", "v1"}, {"kind", "Event"}, {"metadata", Value::map({{"name", name}, {"namespace", ns}})},
         {"involvedObject", Value::map({{"apiVersion", about.apiVersion()}, {"kind", about.kind()}, {"namespace", about.ns()},
                                        {"name", about.name()}, {"uid", about.uid()}, {"resourceVersion", about.resourceVersion()}})},
         {"reason", event.reason}, {"message", event.message}, {"type", event.isWarning ? "Warning" : "Normal"},
         {"source", Value::map({{"component", m_component}})}, {"reportingComponent", m_component}, {"reportingInstance", ""},
         {"firstTimestamp", moment}, {"lastTimestamp", moment}, {"count", 1}});
    m_known.insert_or_assign(key, Known{name, moment, 1});
    const Expected<ports::Written> written = co_await m_cluster->create(kEvents, Object(body), {}, cancel);
    if (!written)
        m_known.erase(key);
    co_return {};
}

} // namespace tiphys::control
