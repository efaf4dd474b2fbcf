// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/codes.h"
#include "object/object.h"

#include <optional>
#include <string>
#include <string_view>

namespace tiphys::health {

using crd::HealthCode;

/// Health of one object.
struct Health
{
    HealthCode status = HealthCode::None; ///< None: a script answered without a status; it worsens nothing
    std::string message;
    bool hasFailed = false;   ///< the check itself failed; status is Unknown and message says why
    bool notAssessed = false; ///< a script decides and may not be run here

    bool operator==(const Health &) const = default;
};

/// True if \p candidate is worse than \p current: Healthy, Suspended, Progressing, Missing, Degraded, Unknown.
/// None counts as Healthy.
/// Source: argo-cd gitops-engine/pkg/health/health.go (IsWorse)@v3.5.1
bool isWorse(HealthCode current, HealthCode candidate);

/// Health scripts, as somebody above runs them.
class ScriptHealth
{
public:
    virtual ~ScriptHealth() = default;
    /// What the script for the kind of \p object answers; nothing if there is no script for it. An error is the
    /// script's failure.
    virtual std::optional<Expected<Health>> healthOf(const object::Object &object) const = 0;
};

/// Health of \p object: "Pending deletion", else the answer of its script in \p scripts, else of the built-in check;
/// nothing for kinds without any (ConfigMap, Namespace, …).
/// Source: argo-cd gitops-engine/pkg/health/health.go (GetResourceHealth)@v3.5.1
std::optional<Health> healthOf(const object::Object &object, const ScriptHealth *scripts = nullptr);

/// The answer of the built-in check for the kind of \p object; nothing for kinds without one. The rules of docs/health.md
/// say what the scripts that Argo CD ships say, status and message; where such a script fails, the message is its
/// failure without the line of the script.
/// Source: argo-cd resource_customizations/@v3.5.1
std::optional<Health> builtinHealth(const object::Object &object);

/// True if objects of \p group and \p kind have a built-in check; others have no health and nothing waits for it.
bool hasBuiltinCheck(std::string_view group, std::string_view kind);

} // namespace tiphys::health
