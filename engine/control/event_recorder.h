// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "object/object.h"
#include "ports/clock.h"
#include "ports/cluster.h"

#include <map>
#include <memory>
#include <set>
#include <string>

namespace tiphys::control {

/// One thing that happened to an object.
struct RecordedEvent
{
    bool isWarning = false;
    std::string reason;
    std::string message;
};

/// Writes Events of the core group as client-go's recorder does: an equal event again counts up, the tenth message for one
/// reason within ten minutes and those after it become one event, and an object gets at most 25 at once of normal ones and
/// of warnings, then one of them every five minutes. Losing an event is no error.
/// Source: client-go tools/record/{event,events_cache}.go@v0.34.1
class EventRecorder
{
public:
    EventRecorder(ports::ClusterPtr cluster, std::shared_ptr<const ports::Clock> clock, std::string component);

    Async<void> record(object::Object about, RecordedEvent event, CancelToken cancel);

private:
    struct Known
    {
        std::string name;
        std::string firstTimestamp;
        std::int64_t count = 0;
    };
    /// Messages about one object for one reason.
    struct Alike
    {
        std::set<std::string> messages;
        ports::WallTime at = 0; ///< of the last one
    };
    struct Bucket
    {
        double tokens = 25;
        ports::WallTime at = 0;
    };

    /// Whether \p message, which is said now, is told together with others of its \p group.
    bool isOneOfMany(const std::string &group, const std::string &message, ports::WallTime now);
    bool takesToken(const std::string &kind, ports::WallTime now);

    ports::ClusterPtr m_cluster;
    std::shared_ptr<const ports::Clock> m_clock;
    std::string m_component;
    std::map<std::string, Known> m_known;    ///< by uid, type, reason and message, or group of those told together
    std::map<std::string, Alike> m_alike;    ///< by group: uid, type and reason
    std::map<std::string, Bucket> m_buckets; ///< by uid and type
};

} // namespace tiphys::control
