// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/lint.h"

#include "rollout/names.h"
#include "rollout/observed.h"
#include "rollout/reference_validation.h"
#include "rollout/router/router.h"
#include "rollout/validation.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Object;
using object::Value;

namespace {

constexpr const char *kDefaultNamespace = "default";

void append(FieldErrors &errors, const FieldErrors &more)
{
    errors.insert(errors.end(), more.begin(), more.end());
}

/// Fields in which \p rollout names Services; of a Service in several the last counts.
std::string fieldOf(const Rollout &rollout, const std::string &service)
{
    std::string field;
    const auto match = [&field, &service](const std::string &name, const char *suffix) {
        if (!name.empty() && name == service)
            field = std::string("spec.strategy.") + suffix;
    };
    if (rollout.canary) {
        match(rollout.canary->canaryService, "canary.canaryService");
        match(rollout.canary->stableService, "canary.stableService");
        if (rollout.canary->pingPong) {
            match(rollout.canary->pingPong->pingService, "canary.pingPong.pingService");
            match(rollout.canary->pingPong->pongService, "canary.pingPong.pongService");
        }
    }
    if (rollout.blueGreen) {
        match(rollout.blueGreen->activeService, "blueGreen.activeService");
        match(rollout.blueGreen->previewService, "blueGreen.previewService");
    }
    return field;
}

void checkRouters(const Rollout &rollout, const Observed &observed, FieldErrors &errors)
{
    if (!rollout.hasTrafficRouting())
        return;
    for (const std::string &name : rollout.canary->trafficRouting->routers()) {
        const Expected<std::unique_ptr<Router>> router = makeRouter(name);
        // A file need not hold all that is named.
        if (!router || (*router)->missingReference(rollout, observed))
            continue;
        if (const std::optional<FieldError> problem = (*router)->referenceError(rollout, observed))
            errors.push_back(*problem);
    }
}

} // namespace

Expected<FieldErrors> lint(const std::vector<Object> &objects)
{
    FieldErrors errors;
    std::vector<Rollout> rollouts;
    Observed observed;
    for (const Object &object : objects) {
        const Object placed = object.ns().empty() ? object.withNamespace(kDefaultNamespace) : object;
        if (object.kind() == "Rollout" && object.group() == kGroup) {
            if (const std::string unknown = unknownField(object.value()); !unknown.empty())
                return failure(ErrorCode::InvalidInput,
                               "error unmarshaling JSON: while decoding JSON: json: unknown field \"" + unknown + "\"");
            rollouts.push_back(readRollout(placed));
        } else if (object.kind() == "Service" && object.group().empty()) {
            Service service = readService(placed);
            // Whose it is follows from the file.
            service.managedBy.reset();
            observed.services.push_back(std::move(service));
        } else {
            observed.routerObjects.push_back(placed);
        }
    }
    for (const Rollout &rollout : rollouts) {
        append(errors, specErrors(rollout));
        for (const Service &service : observed.services) {
            if (const std::string field = fieldOf(rollout, service.name); !field.empty())
                append(errors, serviceErrors(rollout, service, field));
        }
        checkRouters(rollout, observed, errors);
    }
    return errors;
}

} // namespace tiphys::rollout
