// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "rollout/decision.h"
#include "rollout/field_error.h"
#include "rollout/observed.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::rollout {

/// What a router sees and says during one pass: the router objects as they will be after the writes so far, and the
/// acts of the pass.
class RouterScene
{
public:
    RouterScene(const Observed &observed, const Rollout &rollout, const Options &options,
                const ReplicaSets &replicaSets, Decision &decision, Moment now);

    const Rollout &rollout() const { return m_rollout; }
    const Options &options() const { return m_options; }
    const Observed &observed() const { return m_observed; }
    /// All ReplicaSets of the Rollout, the new one included.
    const ReplicaSets &replicaSets() const { return m_replicaSets; }
    Moment now() const { return m_now; }

    /// The object as it will be; nothing if it is absent.
    std::optional<object::Object> find(std::string_view group, std::string_view kind, std::string_view ns,
                                       std::string_view name) const;
    /// Creates \p object; one that was removed in this pass is kept and becomes like it.
    void create(const object::Object &object);
    /// Writes the differences between \p before and \p after as a merge patch; nothing if there are none. Status and
    /// server fields of metadata must be equal in both. True if something is written.
    bool patch(const object::Object &before, const object::Object &after);
    /// The same where the patch, \p body, is known.
    void patch(const object::Object &before, const object::Object &after, object::Value body);
    void remove(const object::Object &object);
    void event(bool isWarning, std::string reason, std::string message);
    /// Decide again at \p moment at the latest.
    void lookAgainAt(Moment moment) { m_decision.lookAgainAt(moment); }
    /// Number of acts so far.
    std::size_t actCount() const { return m_decision.acts.size(); }
    /// status.alb and status.albs that the pass ends with.
    object::Value &alb() { return m_alb; }
    object::Value &albs() { return m_albs; }

private:
    void remember(const object::Object &object);
    /// Takes the removal of \p key back; false if there was none in this pass.
    bool withdrawRemoval(const object::ObjectKey &key);

    const Observed &m_observed;
    const Rollout &m_rollout;
    const Options &m_options;
    const ReplicaSets &m_replicaSets;
    Decision &m_decision;
    Moment m_now;
    std::vector<object::Object> m_changed;
    std::vector<object::ObjectKey> m_removed;
    object::Value m_alb;
    object::Value m_albs;
};

/// One way to split traffic: router objects in, patches out. It has no state of its own. What a router has no notion
/// of, it does not do.
///
/// An error ends the pass; its message is the controller's.
/// Source: argo-rollouts rollout/trafficrouting/trafficroutingutil.go (TrafficRoutingReconciler)@v1.9.1
class Router
{
public:
    using Destinations = std::vector<WeightDestination>;

    virtual ~Router() = default;
    /// As in the spec: "nginx", "istio", ….
    virtual std::string type() const = 0;
    /// The pod hashes of canary and stable changed.
    virtual Expected<void> updateHash(RouterScene &, std::string_view /*canaryHash*/, std::string_view /*stableHash*/,
                                      const Destinations & /*additional*/) const
    {
        return {};
    }
    /// The canary gets \p weight parts of maxTrafficWeight, each of \p additional its own, stable the rest.
    virtual Expected<void> setWeight(RouterScene &scene, int weight, const Destinations &additional) const = 0;
    virtual Expected<void> setHeaderRoute(RouterScene &, const HeaderRouteStep &) const { return {}; }
    virtual Expected<void> setMirrorRoute(RouterScene &, const MirrorRouteStep &) const { return {}; }
    /// Whether the weight is in force; nothing if that cannot be told (then it counts as in force).
    virtual Expected<std::optional<bool>> verifyWeight(RouterScene &, int /*weight*/, const Destinations &) const
    {
        return std::optional<bool>();
    }
    virtual Expected<void> removeManagedRoutes(RouterScene &) const { return {}; }

    /// A field of the router's settings that is wrong, or an object that it names and that is not there.
    virtual std::optional<FieldError> missingReference(const Rollout &, const Observed &) const { return std::nullopt; }
    /// An object that the router names and that does not fit.
    virtual std::optional<FieldError> referenceError(const Rollout &, const Observed &) const { return std::nullopt; }
};

/// The router named \p type (see TrafficRouting::routers), which lives as long as the program. Errors: Unsupported, naming
/// it, for one that this program does not have.
Expected<const Router *> makeRouter(std::string_view type);

/// Service names of stable and canary. With ping-pong they are the ping and pong Services, unless \p usesPingPong is
/// No and a plain Service is set.
/// Source: argo-rollouts rollout/trafficrouting/service_helper.go (GetStableAndCanaryServices)@v1.9.1
struct ServicePair
{
    std::string stable;
    std::string canary;
};
enum class PreferPingPong { No, Yes };
ServicePair stableAndCanaryServices(const Rollout &rollout, PreferPingPong prefer);

/// Owner reference of \p rollout as controller, blocking its deletion.
object::Value ownerReferenceOf(const Rollout &rollout);
/// True if \p object is controlled by \p rollout.
bool isControlledBy(const object::Object &object, const Rollout &rollout);

} // namespace tiphys::rollout
