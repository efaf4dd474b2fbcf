// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/controller_parameters.h"

#include "base/text.h"
#include "compare/refresh_decision.h"
#include "rollout/number.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

namespace tiphys::control {

namespace {

/// A timer counts milliseconds.
constexpr std::int64_t kLongestDelay = std::numeric_limits<std::int32_t>::max() / 1000;

std::int64_t countOf(const object::Value &text, std::int64_t usual)
{
    const std::optional<int> number = rollout::smallDecimalOf(text.stringOr());
    return number && *number >= 0 ? *number : usual;
}

/// This one is read elsewhere than the others: below zero there is no wait.
crd::Duration waveDelayOf(const object::Value &text, crd::Duration usual)
{
    const std::optional<std::int64_t> number = rollout::decimalOf(text.stringOr());
    if (!number)
        return usual;
    return crd::Duration::ofSeconds(std::clamp<std::int64_t>(*number, 0, kLongestDelay));
}

} // namespace

ControllerParameters controllerParametersOf(const object::Value &data)
{
    ControllerParameters parameters;
    parameters.waveDelay = waveDelayOf(data["controller.sync.wave.delay.seconds"], parameters.waveDelay);
    sync::SelfHealBackoff &selfHeal = parameters.selfHeal;
    selfHeal.fixedSeconds = countOf(data["controller.self.heal.timeout.seconds"], selfHeal.fixedSeconds);
    selfHeal.timeoutSeconds = countOf(data["controller.self.heal.backoff.timeout.seconds"], selfHeal.timeoutSeconds);
    selfHeal.factor = countOf(data["controller.self.heal.backoff.factor"], selfHeal.factor);
    selfHeal.capSeconds = countOf(data["controller.self.heal.backoff.cap.seconds"], selfHeal.capSeconds);
    parameters.syncTimeout =
        crd::Duration::ofSeconds(countOf(data["controller.sync.timeout.seconds"], parameters.syncTimeout.seconds()));
    parameters.repositoryErrorGrace = compare::environmentDuration(
        data["controller.repo.error.grace.period.seconds"].stringOr(), parameters.repositoryErrorGrace);
    parameters.comparesOnServer = asciiLower(data["controller.diff.server.side"].stringOr()) == "true";
    return parameters;
}

} // namespace tiphys::control
