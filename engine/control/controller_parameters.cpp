// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/controller_parameters.h"

#include "compare/refresh_decision.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>

namespace tiphys::control {

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kLongestDelay = kMost / 1000; ///< a timer counts milliseconds

/// A decimal number with or without a sign, nothing around it.
std::optional<std::int64_t> numberIn(std::string_view text)
{
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-'))
            return std::nullopt;
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::int64_t countOf(const object::Value &text, std::int64_t usual)
{
    const std::optional<std::int64_t> number = numberIn(text.stringOr());
    return number && *number >= 0 && *number <= kMost ? *number : usual;
}

/// This one is read elsewhere than the others: below zero there is no wait.
crd::Duration waveDelayOf(const object::Value &text, crd::Duration usual)
{
    const std::optional<std::int64_t> number = numberIn(text.stringOr());
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
    return parameters;
}

} // namespace tiphys::control
