// SPDX-License-Identifier: GPL-3.0-or-later
#include "action/rules.h"

#include <array>

namespace tiphys::action {

using object::Value;

namespace {

void reconcile(Run &run)
{
    const std::string time = timeText(run);
    annotate(run, "reconcile.fluxcd.io/requestedAt", "By Argo CD at: " + time.substr(0, time.size() - 1));
}

void discoverSuspended(Offers &offers)
{
    const bool isSuspended = offers.object().isTruthy({"spec", "suspend"});
    offers.addUnless(!isSuspended, "resume");
    offers.addUnless(isSuspended, "suspend");
}

void discoverReconciled(Offers &offers)
{
    discoverSuspended(offers);
    offers.addUnless(offers.object().isTruthy({"spec", "suspend"}), "reconcile");
}

constexpr std::array<NamedAction, 2> kSwitched{{{"suspend", suspend}, {"resume", resume}}};
constexpr std::array<NamedAction, 3> kReconciled{{{"reconcile", reconcile}, {"suspend", suspend}, {"resume", resume}}};

constexpr std::array<KindActions, 12> kKinds{
    {{"helm.toolkit.fluxcd.io", "HelmRelease", discoverReconciled, kReconciled},
     {"image.toolkit.fluxcd.io", "ImageRepository", discoverReconciled, kReconciled},
     {"image.toolkit.fluxcd.io", "ImageUpdateAutomation", discoverReconciled, kReconciled},
     {"kustomize.toolkit.fluxcd.io", "Kustomization", discoverReconciled, kReconciled},
     {"notification.toolkit.fluxcd.io", "Alert", discoverSuspended, kSwitched},
     {"notification.toolkit.fluxcd.io", "Provider", discoverSuspended, kSwitched},
     {"notification.toolkit.fluxcd.io", "Receiver", discoverReconciled, kReconciled},
     {"source.toolkit.fluxcd.io", "Bucket", discoverReconciled, kReconciled},
     {"source.toolkit.fluxcd.io", "GitRepository", discoverReconciled, kReconciled},
     {"source.toolkit.fluxcd.io", "HelmChart", discoverReconciled, kReconciled},
     {"source.toolkit.fluxcd.io", "HelmRepository", discoverReconciled, kReconciled},
     {"source.toolkit.fluxcd.io", "OCIRepository", discoverReconciled, kReconciled}}};

} // namespace

std::span<const KindActions> fluxActions()
{
    return kKinds;
}

} // namespace tiphys::action
