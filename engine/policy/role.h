// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/project.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::policy {

/// One thing that Argo CD's access rules decide about: "applications", "action/apps/Deployment/restart", "shop/web".
struct RbacQuestion
{
    std::string resource;
    std::string action;
    std::string object;

    /// "applications, action/apps/Deployment/restart, shop/web".
    std::string text() const;
    bool operator==(const RbacQuestion &) const = default;
};

/// The question for running the action \p name on objects of \p kind of an application that rules call \p application
/// ("project/name", or "project/namespace/name" outside the control plane's namespace).
RbacQuestion actionQuestion(const object::GroupKind &kind, std::string_view name, std::string_view application);

/// Roles of \p project that allow it by their own policies: one allows, none of them denies. Lines are
/// "p, SUBJECT, RESOURCE, ACTION, OBJECT, EFFECT" with globs; others count for nothing. This tells nothing of who has a
/// role, nor of the rules in argocd-rbac-cm: advice, no lock.
/// Source: argo-cd util/rbac/rbac.go, assets/model.conf@v3.5.1
std::vector<std::string> rolesThatAllow(const crd::ProjectSpec &project, const RbacQuestion &question);

} // namespace tiphys::policy
