// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/window.h"

#include "base/glob.h"
#include "base/text.h"
#include "crd/duration.h"
#include "policy/cron.h"

#include <algorithm>

namespace tiphys::policy {

namespace {

/// A glob without separators; a bare star needs no compiling.
bool selects(const std::string &pattern, std::string_view text)
{
    return pattern == "*" || globMatches(pattern, text);
}

/// What one list of a window says: nothing if it is not given.
template <typename Match>
std::optional<bool> verdictOf(const std::vector<std::string> &patterns, Match match)
{
    if (patterns.empty())
        return std::nullopt;
    return std::ranges::any_of(patterns, match);
}

bool applies(const crd::SyncWindow &window, const crd::Application &app)
{
    const crd::Destination &destination = app.spec.destination;
    const std::vector<std::optional<bool>> verdicts{
        verdictOf(window.applications, [&](const std::string &glob) { return selects(glob, app.name()); }),
        verdictOf(window.clusters,
                  [&](const std::string &glob) {
                      return (!destination.name.empty() && selects(glob, destination.name))
                             || (!destination.server.empty() && selects(glob, destination.server));
                  }),
        verdictOf(window.namespaces, [&](const std::string &glob) { return selects(glob, destination.ns); })};
    const auto isYes = [](const std::optional<bool> &verdict) { return verdict == true; };
    const auto isNo = [](const std::optional<bool> &verdict) { return verdict == false; };
    if (window.useAndOperator)
        return std::ranges::any_of(verdicts, isYes) && std::ranges::none_of(verdicts, isNo);
    return std::ranges::any_of(verdicts, isYes);
}

std::int64_t offsetOf(const TimeZones &zones, std::string_view zone, crd::Timestamp at)
{
    return zones.offsetSeconds(zone.empty() ? "UTC" : zone, at).value_or(0);
}

/// Next fire of \p cron after \p moment; its own zone prefix, if any, is applied.
Expected<std::optional<crd::Timestamp>> nextFire(const Cron &cron, crd::Timestamp moment, const TimeZones &zones)
{
    if (cron.zone().empty())
        return cron.nextAfter(moment);
    const std::optional<std::int64_t> offset = zones.offsetSeconds(cron.zone(), moment);
    if (!offset)
        return failure(ErrorCode::InvalidInput,
                       "provided bad location " + cron.zone() + ": unknown time zone " + cron.zone());
    const std::optional<crd::Timestamp> local = cron.nextAfter({moment.seconds + *offset});
    if (!local)
        return std::optional<crd::Timestamp>();
    const std::int64_t then = offsetOf(zones, cron.zone(), {local->seconds - *offset});
    return std::optional(crd::Timestamp{local->seconds - then});
}

/// The windows that matter at one moment.
struct Situation
{
    std::vector<const crd::SyncWindow *> activeDenies;
    std::vector<const crd::SyncWindow *> activeAllows;
    std::vector<const crd::SyncWindow *> inactiveAllows;
};

Expected<Situation> situationAt(const std::vector<crd::SyncWindow> &windows, crd::Timestamp at, crd::Timestamp now,
                                const TimeZones &zones)
{
    Situation situation;
    for (const crd::SyncWindow &window : windows) {
        const Expected<bool> active = isActive(window, at, now, zones);
        if (!active)
            return failure(active.error().code(), "invalid sync windows: " + active.error().text());
        if (window.kind == "deny" && *active)
            situation.activeDenies.push_back(&window);
        else if (window.kind == "allow")
            (*active ? situation.activeAllows : situation.inactiveAllows).push_back(&window);
    }
    return situation;
}

bool allPermitManual(const std::vector<const crd::SyncWindow *> &windows)
{
    return std::ranges::all_of(windows, &crd::SyncWindow::manualSync);
}

bool allPermitOverrun(const std::vector<const crd::SyncWindow *> &windows)
{
    return std::ranges::all_of(windows, &crd::SyncWindow::syncOverrun);
}

/// The windows that say no, without regard to overrun; null if the sync is allowed.
const std::vector<const crd::SyncWindow *> *obstacleIn(const Situation &situation, SyncOrigin origin)
{
    const bool isManual = origin == SyncOrigin::Manual;
    if (!situation.activeDenies.empty())
        return isManual && allPermitManual(situation.activeDenies) ? nullptr : &situation.activeDenies;
    if (!situation.activeAllows.empty() || situation.inactiveAllows.empty())
        return nullptr;
    return isManual && allPermitManual(situation.inactiveAllows) ? nullptr : &situation.inactiveAllows;
}

std::string describe(const crd::SyncWindow &window)
{
    const std::string zone = window.timeZone.empty() ? "UTC" : window.timeZone;
    return window.kind + " window '" + window.schedule + "' for " + window.duration + " (" + zone + ')';
}

} // namespace

std::vector<crd::SyncWindow> windowsOf(const crd::Application &app, const std::vector<crd::SyncWindow> &windows)
{
    std::vector<crd::SyncWindow> matching;
    std::ranges::copy_if(windows, std::back_inserter(matching),
                         [&](const crd::SyncWindow &window) { return applies(window, app); });
    return matching;
}

Expected<bool> isActive(const crd::SyncWindow &window, crd::Timestamp at, crd::Timestamp now, const TimeZones &zones)
{
    const auto cannotParse = [](std::string_view what, const std::string &text, const Error &error) {
        return failure(ErrorCode::InvalidInput,
                       "cannot parse " + std::string(what) + ' ' + quoted(text) + ": " + error.text());
    };
    const Expected<Cron> cron = Cron::parse(window.schedule);
    if (!cron)
        return cannotParse("schedule", window.schedule, cron.error());
    const Expected<crd::Duration> duration = crd::goDurationOf(window.duration);
    if (!duration)
        return cannotParse("duration", window.duration, duration.error());
    const crd::Timestamp local{at.seconds + offsetOf(zones, window.timeZone, now)};
    // A fraction of a second in the duration moves the search back by a whole one: fires are at full minutes.
    const std::int64_t fraction = duration->nanoseconds % 1'000'000'000 > 0 ? 1 : 0;
    const Expected<std::optional<crd::Timestamp>> next =
        nextFire(*cron, {local.seconds - duration->seconds() - fraction}, zones);
    if (!next)
        return cannotParse("schedule", window.schedule, next.error());
    // A schedule that never fires gives the zero time in the original, which lies before every moment.
    return !*next || **next < local;
}

Expected<WindowAnswer> canSync(const std::vector<crd::SyncWindow> &windows, const WindowQuestion &question,
                               const TimeZones &zones)
{
    const Expected<Situation> now = situationAt(windows, question.now, question.now, zones);
    if (!now)
        return std::unexpected(now.error());
    const auto *obstacle = obstacleIn(*now, question.origin);
    if (!obstacle)
        return WindowAnswer{};
    if (question.operationStart && allPermitOverrun(*obstacle)) {
        const Expected<Situation> then = situationAt(windows, *question.operationStart, question.now, zones);
        if (!then)
            return std::unexpected(then.error());
        if (!obstacleIn(*then, question.origin))
            return WindowAnswer{};
    }
    const crd::SyncWindow &first = *obstacle->front();
    const std::string state = first.kind == "deny" ? " is open" : " is closed";
    return WindowAnswer{.isAllowed = false, .reason = describe(first) + state};
}

} // namespace tiphys::policy
