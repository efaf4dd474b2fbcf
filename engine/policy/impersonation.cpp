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

Expected<std::optional<std::string>> impersonatedUser(const crd::Application &app, const EffectiveProject &project,
                                                      const Cluster &cluster)
{
    const std::string &destination = app.spec.destination.ns;
    for (const crd::DestinationServiceAccount &entry : project.spec.destinationServiceAccounts) {
        if (!coversText(entry.server, cluster.server) || !coversText(entry.ns, destination))
            continue;
        const std::string &account = entry.defaultServiceAccount;
        if (trimmed(account).empty() || account.find_first_of("!*[]{}\\/") != std::string::npos)
            return failure(ErrorCode::InvalidInput, "default service account contains invalid chars " + quoted(account));
        if (const std::size_t colon = account.find(':'); colon != std::string::npos)
            return "system:serviceaccount:" + account.substr(0, colon) + ':' + account.substr(colon + 1);
        const std::string ns = destination.empty() ? std::string(app.ns()) : destination;
        return "system:serviceaccount:" + ns + ':' + account;
    }
    return std::nullopt;
}

} // namespace tiphys::policy
