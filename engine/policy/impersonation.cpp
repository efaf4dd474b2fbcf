// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/impersonation.h"

#include "base/glob.h"
#include "base/text.h"

namespace tiphys::policy {

namespace {

bool coversText(const std::string &pattern, std::string_view text)
{
    return pattern == "*" || globMatches(pattern, text);
}

} // namespace

Impersonation impersonationOf(const object::Value &data)
{
    const object::Value enforced = data["application.sync.impersonation.enforced"];
    return {.isEnabled = data["application.sync.impersonation.enabled"].stringOr() == "true",
            .isEnforced = enforced.isNull() || enforced.stringOr() != "false"};
}

Expected<std::optional<std::string>> serviceAccountOf(const crd::Application &app, const EffectiveProject &project,
                                                      const Cluster &cluster)
{
    const std::string &destination = app.spec.destination.ns;
    for (const crd::DestinationServiceAccount &entry : project.spec.destinationServiceAccounts) {
        if (!coversText(entry.server, cluster.server) || !coversText(entry.ns, destination))
            continue;
        const std::string &account = entry.defaultServiceAccount;
        if (trimmed(account).empty() || account.find_first_of("!*[]{}\\/") != std::string::npos)
            return failure(ErrorCode::InvalidInput,
                           "default service account contains invalid chars " + quoted(account));
        if (const std::size_t colon = account.find(':'); colon != std::string::npos)
            return "system:serviceaccount:" + account.substr(0, colon) + ':' + account.substr(colon + 1);
        const std::string ns = destination.empty() ? std::string(app.ns()) : destination;
        return "system:serviceaccount:" + ns + ':' + account;
    }
    return std::nullopt;
}

Expected<std::optional<std::string>> syncUser(const Impersonation &settings, const crd::Application &app,
                                              const EffectiveProject &project, const Cluster &cluster)
{
    if (!settings.isEnabled)
        return std::nullopt;
    const Expected<std::optional<std::string>> account = serviceAccountOf(app, project, cluster);
    if (!account)
        return failure(account.error().code(),
                       "failed to derive service account to impersonate: " + account.error().message());
    if (!*account && settings.isEnforced)
        return failure(ErrorCode::InvalidInput, "no matching service account found for destination server "
                                                    + cluster.server + " and namespace " + app.spec.destination.ns);
    return *account;
}

Expected<std::optional<std::string>> deletionUser(const Impersonation &settings, const crd::Application &app,
                                                  const EffectiveProject &project, const Cluster &cluster)
{
    if (!settings.isEnabled)
        return std::nullopt;
    const Expected<std::optional<std::string>> account = serviceAccountOf(app, project, cluster);
    if (!account)
        return failure(account.error().code(),
                       "cannot apply impersonation: error deriving service account to impersonate: "
                           + account.error().message());
    return *account;
}

} // namespace tiphys::policy
