// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/router/router.h"

#include "object/merge_patch.h"
#include "rollout/names.h"
#include "rollout/reading.h"
#include "rollout/router/alb.h"
#include "rollout/router/ambassador.h"
#include "rollout/router/apisix.h"
#include "rollout/router/app_mesh.h"
#include "rollout/router/gateway.h"
#include "rollout/router/istio.h"
#include "rollout/router/nginx.h"
#include "rollout/router/routing.h"
#include "rollout/router/smi.h"
#include "rollout/router/traefik.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

/// \p made with what the server wrote into \p kept.
Object withServerFieldsOf(const Object &kept, const Object &made)
{
    Value result = made.value();
    for (const char *key : kServerFields) {
        if (const Value field = kept.path({"metadata", key}); !field.isNull())
            result = result.withPath({"metadata", key}, field);
    }
    const Value status = kept.path({"status"});
    return Object(status.isNull() ? result : result.with("status", status));
}

/// Routers have no state: one of each kind serves all.
template <typename Kind>
const Kind router{};

} // namespace

RouterScene::RouterScene(const Observed &observed, const Rollout &rollout, const Options &options,
                         const ReplicaSets &replicaSets, Decision &decision, Moment now)
    : m_observed(observed), m_rollout(rollout), m_options(options), m_replicaSets(replicaSets), m_decision(decision),
      m_now(now), m_alb(rollout.status.alb), m_albs(rollout.status.albs)
{
}

std::optional<Object> RouterScene::find(std::string_view group, std::string_view kind, std::string_view ns,
                                        std::string_view name) const
{
    const auto isWanted = [&](const Object &object) {
        return object.name() == name && object.ns() == ns && object.kind() == kind && object.group() == group;
    };
    if (!m_removed.empty()
        && std::ranges::contains(
            m_removed, object::ObjectKey{std::string(group), std::string(kind), std::string(ns), std::string(name)}))
        return std::nullopt;
    if (const auto found = std::ranges::find_if(m_changed, isWanted); found != m_changed.end())
        return *found;
    const Object *observed = m_observed.routerObject(group, kind, ns, name);
    return observed ? std::optional(*observed) : std::nullopt;
}

void RouterScene::remember(const Object &object)
{
    std::erase_if(m_changed, [&object](const Object &held) { return held.key() == object.key(); });
    std::erase(m_removed, object.key());
    m_changed.push_back(object);
}

void RouterScene::create(const Object &object)
{
    if (withdrawRemoval(object.key())) {
        // Removed and made again in every pass, it would never come to rest.
        if (const std::optional<Object> kept = find(object.group(), object.kind(), object.ns(), object.name())) {
            patch(*kept, withServerFieldsOf(*kept, object));
            return;
        }
    }
    m_decision.acts.push_back(Write{.verb = Verb::Create,
                                    .gvk = object.gvk(),
                                    .ns = std::string(object.ns()),
                                    .name = std::string(object.name()),
                                    .body = object.value()});
    remember(object);
}

bool RouterScene::patch(const Object &before, const Object &after)
{
    const Value body = object::mergePatchOf(before.value(), after.value());
    if (body.size() == 0)
        return false;
    patch(before, after, body);
    return true;
}

void RouterScene::patch(const Object &before, const Object &after, Value body)
{
    m_decision.acts.push_back(Write{.verb = Verb::MergePatch,
                                    .gvk = before.gvk(),
                                    .ns = std::string(before.ns()),
                                    .name = std::string(before.name()),
                                    .body = std::move(body),
                                    .resourceVersion = std::string(before.resourceVersion())});
    remember(after);
}

void RouterScene::remove(const Object &object)
{
    m_decision.acts.push_back(Write{.verb = Verb::Delete,
                                    .gvk = object.gvk(),
                                    .ns = std::string(object.ns()),
                                    .name = std::string(object.name()),
                                    .onFailure = OnFailure::IgnoreIfAbsent});
    std::erase_if(m_changed, [&object](const Object &held) { return held.key() == object.key(); });
    m_removed.push_back(object.key());
}

bool RouterScene::withdrawRemoval(const object::ObjectKey &key)
{
    if (std::erase(m_removed, key) == 0)
        return false;
    std::erase_if(m_decision.acts, [&key](const Act &act) {
        const Write *write = std::get_if<Write>(&act);
        return write && write->verb == Verb::Delete && write->key() == key;
    });
    return true;
}

void RouterScene::event(bool isWarning, std::string reason, std::string message)
{
    m_decision.acts.push_back(
        Event{.isWarning = isWarning, .reason = std::move(reason), .message = std::move(message)});
}

Expected<const Router *> makeRouter(std::string_view type)
{
    constexpr std::string_view pluginPrefix = "plugins:";
    if (type == "istio")
        return &router<IstioRouter>;
    if (type == "nginx")
        return &router<NginxRouter>;
    if (type == "alb")
        return &router<AlbRouter>;
    if (type == "smi")
        return &router<SmiRouter>;
    if (type == "ambassador")
        return &router<AmbassadorRouter>;
    if (type == "appMesh")
        return &router<AppMeshRouter>;
    if (type == "traefik")
        return &router<TraefikRouter>;
    if (type == "apisix")
        return &router<ApisixRouter>;
    if (!type.starts_with(pluginPrefix))
        return failure(ErrorCode::Unsupported, "traffic router '" + std::string(type) + "' is not supported");
    type.remove_prefix(pluginPrefix.size());
    if (type == kGatewayPlugin)
        return &router<GatewayRouter>;
    return failure(ErrorCode::Unsupported, "traffic router plugin '" + std::string(type) + "' is not supported: only '"
                                               + std::string(kGatewayPlugin) + "' is built in");
}

ServicePair stableAndCanaryServices(const Rollout &rollout, PreferPingPong prefer)
{
    const Canary &canary = *rollout.canary;
    const bool isPlainSet = !canary.stableService.empty() || !canary.canaryService.empty();
    if (!canary.pingPong || (prefer == PreferPingPong::No && isPlainSet))
        return {.stable = canary.stableService, .canary = canary.canaryService};
    if (rollout.status.canary.stablePingPong == "ping")
        return {.stable = canary.pingPong->pingService, .canary = canary.pingPong->pongService};
    return {.stable = canary.pingPong->pongService, .canary = canary.pingPong->pingService};
}

Value ownerReferenceOf(const Rollout &rollout)
{
    return Value::map({{"apiVersion", kApiVersion},
                       {"kind", "Rollout"},
                       {"name", rollout.name},
                       {"uid", rollout.uid},
                       {"controller", true},
                       {"blockOwnerDeletion", true}});
}

bool isControlledBy(const Object &object, const Rollout &rollout)
{
    return controllerUid(object) == rollout.uid;
}

} // namespace tiphys::rollout
