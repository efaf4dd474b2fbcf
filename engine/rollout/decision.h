// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/gvk.h"
#include "object/value.h"
#include "rollout/moment.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tiphys::rollout {

enum class Verb {
    Create,              ///< body is the object
    MergePatch,          ///< body is a JSON merge patch
    JsonPatch,           ///< body is a list of operations
    StrategicMergePatch, ///< body is a strategic merge patch
    Delete,              ///< no body
    Evict,               ///< body is an Eviction of policy/v1
};
std::string_view text(Verb verb);

/// What a failed write means.
enum class OnFailure {
    EndPass,          ///< nothing after it is done; look again soon
    Ignore,           ///< go on: a pod that a budget protects, a Deployment that is scaled by the way
    IgnoreIfAbsent,   ///< go on if the object is gone, else end
    ReportReplicaSet, ///< end, and write what replicaSetCreateFailure() gives
};

/// One request to the API server.
struct Write
{
    Verb verb = Verb::MergePatch;
    object::Gvk gvk;
    std::string ns;
    std::string name;
    std::string subresource; ///< "", "status" or "eviction"
    object::Value body;
    /// The write must fail unless the object has this version, or the one that an earlier write of the same decision
    /// gave it. "" for no such condition.
    std::string resourceVersion;
    OnFailure onFailure = OnFailure::EndPass;
    /// Once it has succeeded, nothing is done after it but writes of which the same is said.
    bool endsPass = false;
    /// For Delete: what the object owns goes first. The server's default for Jobs leaves their pods behind.
    bool deletesForeground = false;

    object::ObjectKey key() const { return {gvk.group, gvk.kind, ns, name}; }
    bool operator==(const Write &) const = default;
};

/// An event about the Rollout (or another object), of component rollouts-controller.
struct Event
{
    bool isWarning = false;
    std::string reason;
    std::string message;
    std::optional<object::ObjectKey> about; ///< nothing: the object that is reconciled
    bool operator==(const Event &) const = default;
};

using Act = std::variant<Write, Event>;

/// What to do now, in this order: an event counts only if the writes before it succeeded.
struct Decision
{
    std::vector<Act> acts;
    /// So many evictions may succeed; those after them are not sent. One that a disruption budget refuses is none of them.
    int mostEvictions = 0;
    /// When to decide again though nothing changed; nothing waits for a change.
    std::optional<Moment> lookAgain;
    /// Why the pass stopped early, "" if it did not. Unless lookAgain says when, it is tried again with growing pauses.
    std::string failure;

    std::vector<Write> writes() const;
    std::vector<Event> events() const;
    /// Earlier of the two moments.
    void lookAgainAt(Moment moment);
    bool isIdle() const { return acts.empty() && failure.empty(); }
};

} // namespace tiphys::rollout
