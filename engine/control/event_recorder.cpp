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
constexpr std::size_t kMostAlike = 10;
constexpr ports::WallTime kAlikeMilliseconds = 600'000;

const ports::ResourceType kEvents{"", "v1", "events", "Event", true};

std::string hex(std::int64_t number)
{
    char text[32];
    std::snprintf(text, sizeof text, "%llx", static_cast<unsigned long long>(number));
    return text;
}

} // namespace

EventRecorder::EventRecorder(ports::ClusterPtr cluster, std::shared_ptr<const ports::Clock> clock,
                             std::string component)
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

bool EventRecorder::isOneOfMany(const std::string &group, const std::string &message, ports::WallTime now)
{
    if (m_alike.size() > kMostKnown)
        m_alike.clear();
    Alike &alike = m_alike[group];
    if (now - alike.at > kAlikeMilliseconds)
        alike.messages.clear();
    alike.messages.insert(message);
    alike.at = now;
    if (alike.messages.size() < kMostAlike)
        return false;
    alike.messages.erase(alike.messages.begin());
    return true;
}

Async<void> EventRecorder::record(Object about, RecordedEvent event, CancelToken cancel)
{
    const ports::WallTime now = m_clock->now();
    const std::string kind = std::string(about.uid()) + "\n" + (event.isWarning ? "W" : "N");
    const std::string group = kind + event.reason;
    const bool isOneOfMany = this->isOneOfMany(group, event.message, now);
    const std::string key = isOneOfMany ? group : group + "\n" + event.message;
    const std::string message = (isOneOfMany ? "(combined from similar events): " : "") + event.message;
    const std::string moment = crd::Timestamp{now / 1000}.text();
    const std::string ns(about.ns().empty() ? "default" : about.ns());
    if (m_known.size() > kMostKnown)
        m_known.clear();
    const std::string name =
        std::string(about.name()) + "." + hex(now * 1'000'000 + static_cast<std::int64_t>(m_known.size()));
    // What is held back is counted, too.
    Known &entry = m_known.try_emplace(key, Known{name, moment, 0}).first->second;
    ++entry.count;
    const Known known = entry;
    if (!takesToken(kind, now))
        co_return {};
    if (known.count > 1) {
        const Value body = Value::map({{"count", known.count}, {"lastTimestamp", moment}, {"message", message}});
        const Expected<ports::Written> counted =
            co_await m_cluster->patch({kEvents, ns, known.name}, {ports::PatchType::StrategicMerge, body}, {}, cancel);
        if (counted || counted.error().code() != ErrorCode::NotFound)
            co_return {};
    }
    const Value body = Value::map({{"apiVersion", "v1"},
                                   {"kind", "Event"},
                                   {"metadata", Value::map({{"name", known.name}, {"namespace", ns}})},
                                   {"involvedObject", Value::map({{"apiVersion", about.apiVersion()},
                                                                  {"kind", about.kind()},
                                                                  {"namespace", about.ns()},
                                                                  {"name", about.name()},
                                                                  {"uid", about.uid()},
                                                                  {"resourceVersion", about.resourceVersion()}})},
                                   {"reason", event.reason},
                                   {"message", message},
                                   {"type", event.isWarning ? "Warning" : "Normal"},
                                   {"source", Value::map({{"component", m_component}})},
                                   {"reportingComponent", isOneOfMany ? "" : m_component},
                                   {"reportingInstance", ""},
                                   {"firstTimestamp", known.firstTimestamp},
                                   {"lastTimestamp", moment},
                                   {"count", known.count}});
    const Expected<ports::Written> written = co_await m_cluster->create(kEvents, Object(body), {}, cancel);
    if (!written)
        m_known.erase(key);
    co_return {};
}

} // namespace tiphys::control
