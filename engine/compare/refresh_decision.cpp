// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/refresh_decision.h"

#include "compare/app_comparison.h"
#include "crd/names.h"

#include <charconv>

namespace tiphys::compare {

namespace {

bool isExpired(const crd::Application &app, crd::Duration timeout, crd::Timestamp now)
{
    if (timeout.nanoseconds <= 0)
        return false;
    const std::optional<crd::Timestamp> last = crd::timestampOf(app.status.reconciledAt);
    return !last || now.seconds - last->seconds > timeout.seconds();
}

RefreshDecision needed(CompareLevel level, std::string reason)
{
    return {true, false, level, std::move(reason)};
}

} // namespace

crd::Duration environmentDuration(std::string_view text, crd::Duration usual)
{
    if (const Expected<crd::Duration> duration = crd::goDurationOf(text))
        return duration->nanoseconds < 0 ? usual : crd::Duration::ofSeconds(duration->seconds());
    constexpr std::int64_t most = 100'000;
    std::int64_t days = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
    const bool areDays = error == std::errc() && text.substr(static_cast<std::size_t>(end - text.data())) == "d";
    return areDays && days >= 0 && days <= most ? crd::Duration::ofSeconds(days * 24 * 3600) : usual;
}

RefreshTimeouts refreshTimeoutsOf(const object::Value &settings)
{
    RefreshTimeouts timeouts;
    timeouts.soft = environmentDuration(settings["timeout.reconciliation"].stringOr(), timeouts.soft);
    timeouts.hard = environmentDuration(settings["timeout.hard.reconciliation"].stringOr(), timeouts.hard);
    return timeouts;
}

bool isComparedWithItsSources(const crd::Application &app)
{
    const crd::ComparedTo &comparedTo = app.status.sync.comparedTo;
    if (app.spec.hasMultipleSources())
        return app.spec.sources == comparedTo.sources;
    return app.spec.effectiveSource() == comparedTo.source;
}

RefreshDecision refreshDecision(const crd::Application &app, const RefreshTimeouts &timeouts,
                                std::optional<CompareLevel> requested, crd::Timestamp now)
{
    if (const std::optional<std::string_view> asked = app.object.annotation(crd::kRefreshAnnotation)) {
        const bool isHard = *asked == crd::kRefreshHard;
        return {true, isHard, CompareLevel::LatestForceResolve,
                isHard ? "hard refresh requested" : "normal refresh requested"};
    }
    const crd::ComparedTo &comparedTo = app.status.sync.comparedTo;
    if (!isComparedWithItsSources(app))
        return needed(CompareLevel::LatestForceResolve, app.spec.hasMultipleSources()
                                                            ? "at least one of the spec.sources differs"
                                                            : "spec.source differs");
    const bool wasNeverCompared = app.status.reconciledAt.empty();
    const bool isHardExpired = isExpired(app, timeouts.hard, now);
    if (wasNeverCompared || isHardExpired || isExpired(app, timeouts.soft, now))
        return {true, isHardExpired, CompareLevel::Latest, "comparison expired"};
    if (app.spec.destination != comparedTo.destination)
        return needed(CompareLevel::Latest, "spec.destination differs");
    if (hasChangedNamespaceMetadata(app))
        return needed(CompareLevel::Latest, "spec.syncPolicy.managedNamespaceMetadata differs");
    if (app.spec.ignoreDifferences != comparedTo.ignoreDifferences)
        return needed(CompareLevel::Latest, "spec.ignoreDifferences differs");
    if (requested)
        return needed(*requested, "controller refresh requested");
    return {};
}

std::optional<CompareLevel> leftAfter(std::optional<CompareLevel> requested, const RefreshDecision &decision)
{
    return requested && *requested > decision.level ? requested : std::nullopt;
}

bool RepositoryErrorGrace::covers(CompareLevel level, crd::Timestamp now, crd::Duration grace)
{
    if (level == CompareLevel::LatestForceResolve)
        return false;
    if (m_since)
        return now.seconds - m_since->seconds <= grace.seconds();
    m_since = now;
    return true;
}

} // namespace tiphys::compare
