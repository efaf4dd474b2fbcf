// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/access.h"

#include "base/text.h"
#include "object/yaml.h"

#include <algorithm>
#include <functional>

namespace tiphys::demo {

using object::Object;
using object::Value;

namespace {

constexpr std::string_view kMasters = "system:masters";

constexpr std::string_view kRoles = R"(
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules:
- {apiGroups: ["*"], resources: ["*"], verbs: ["*"]}
- {nonResourceURLs: ["*"], verbs: ["*"]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: demo-readonly}
rules:
- {apiGroups: ["*"], resources: ["*"], verbs: ["get", "list", "watch"]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: cluster-admin}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: "system:masters"}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: demo-readonly}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: demo-readonly}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: readonly}
)";

Identity authenticated(std::string user)
{
    Identity identity{std::move(user), {"system:authenticated"}};
    const auto parts = split(identity.user, ':');
    if (parts.size() == 4 && identity.user.starts_with("system:serviceaccount:")) {
        identity.groups.emplace_back("system:serviceaccounts");
        identity.groups.push_back("system:serviceaccounts:" + std::string(parts[2]));
    }
    return identity;
}

std::string base64Decoded(std::string_view text)
{
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string decoded;
    unsigned bits = 0;
    int count = 0;
    for (const char c : text) {
        const auto value = kLetters.find(c);
        if (value == std::string_view::npos)
            break;
        bits = (bits << 6) | static_cast<unsigned>(value);
        count += 6;
        if (count >= 8) {
            count -= 8;
            decoded += static_cast<char>((bits >> count) & 0xff);
        }
    }
    return decoded;
}

/// The name that the credentials of the request stand for; "admin" without any.
std::string credentialName(const Request &request)
{
    const std::string_view header = request.header("authorization");
    if (header.starts_with("Bearer "))
        return std::string(trimmed(header.substr(7)));
    if (header.starts_with("Basic ")) {
        const std::string pair = base64Decoded(trimmed(header.substr(6)));
        return pair.substr(0, pair.find(':'));
    }
    return header.empty() ? "admin" : "";
}

bool listHas(const Value &list, std::string_view text)
{
    for (const Value &item : list.items()) {
        if (item.stringOr() == text || item.stringOr() == "*")
            return true;
    }
    return false;
}

bool coversResource(const Value &list, const std::string &resource)
{
    const auto slash = resource.find('/');
    return listHas(list, resource) || (slash != std::string::npos && listHas(list, "*" + resource.substr(slash)));
}

bool ruleAllows(const Value &rule, const Act &act)
{
    const Value names = rule["resourceNames"];
    return listHas(rule["verbs"], act.verb) && listHas(rule["apiGroups"], act.group)
           && coversResource(rule["resources"], act.resource) && (names.isEmpty() || listHas(names, act.name));
}

bool isSubject(const Value &subject, const Identity &identity, std::string_view bindingNs)
{
    const std::string_view kind = subject["kind"].stringOr();
    const std::string_view name = subject["name"].stringOr();
    if (kind == "User")
        return name == identity.user;
    if (kind == "Group")
        return std::ranges::contains(identity.groups, name);
    return identity.user
           == "system:serviceaccount:" + std::string(subject["namespace"].stringOr(bindingNs)) + ":"
                  + std::string(name);
}

constexpr std::string_view kRbac = "rbac.authorization.k8s.io";

/// Calls \p use with the rules of every role that is bound to \p identity, cluster-wide or in \p ns.
void forEachRule(const Store &store, const Identity &identity, std::string_view ns,
                 const std::function<void(const Value &)> &use)
{
    const auto bound = [&](const Object &binding) {
        const Value subjects = binding.value()["subjects"];
        const bool applies = std::ranges::any_of(
            subjects.items(), [&](const Value &subject) { return isSubject(subject, identity, binding.ns()); });
        if (!applies)
            return;
        const std::string kind(binding.path({"roleRef", "kind"}).stringOr());
        const std::string place(kind == "Role" ? binding.ns() : std::string_view());
        const Object role =
            store.find({std::string(kRbac), kind}, {place, std::string(binding.path({"roleRef", "name"}).stringOr())});
        const Value rules = role.value()["rules"];
        for (const Value &rule : rules.items())
            use(rule);
    };
    for (const auto &[place, binding] : store.objectsOf({std::string(kRbac), "ClusterRoleBinding"}))
        bound(binding);
    for (const auto &[place, binding] : store.objectsOf({std::string(kRbac), "RoleBinding"})) {
        if (place.first == ns)
            bound(binding);
    }
}

} // namespace

Answer<Identity> identityOf(const Request &request)
{
    const std::string name = credentialName(request);
    if (name != "admin" && name != "readonly" && name != "none") {
        Refusal refusal;
        refusal.code = 401;
        refusal.reason = "Unauthorized";
        refusal.message = "Unauthorized";
        return std::unexpected(refusal);
    }
    Identity identity = authenticated(name);
    if (name == "admin")
        identity.groups.emplace_back(kMasters);
    const std::string_view other = request.header("impersonate-user");
    if (other.empty())
        return identity;
    if (name != "admin") {
        Refusal refusal;
        refusal.code = 403;
        refusal.reason = "Forbidden";
        refusal.message = "users \"" + std::string(other) + "\" is forbidden: User \"" + name
                          + "\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope";
        return std::unexpected(refusal);
    }
    Identity impersonated = authenticated(std::string(other));
    for (const std::string_view group : split(request.header("impersonate-group"), ',')) {
        if (!group.empty())
            impersonated.groups.emplace_back(trimmed(group));
    }
    return impersonated;
}

bool isAllowed(const Store &store, const Identity &identity, const Act &act)
{
    if (std::ranges::contains(identity.groups, kMasters))
        return true;
    bool isAllowed = false;
    forEachRule(store, identity, act.ns, [&](const Value &rule) { isAllowed = isAllowed || ruleAllows(rule, act); });
    return isAllowed;
}

Value rulesOf(const Store &store, const Identity &identity, std::string_view ns)
{
    std::vector<Value> rules;
    forEachRule(store, identity, ns, [&](const Value &rule) {
        if (rule.contains("resources"))
            rules.push_back(rule);
    });
    rules.push_back(Value::map({{"verbs", Value::list({"create"})},
                                {"apiGroups", Value::list({"authorization.k8s.io"})},
                                {"resources", Value::list({"selfsubjectaccessreviews", "selfsubjectrulesreviews"})}}));
    return Value::list(rules);
}

Refusal deniedAct(const Resource &resource, const Identity &identity, const Act &act)
{
    const std::string where = act.ns.empty() ? " at the cluster scope" : " in the namespace \"" + act.ns + "\"";
    const std::string subject = act.name.empty() ? resource.text() : resource.text() + " \"" + act.name + "\"";
    return forbidden(resource, act.name,
                     subject + " is forbidden: User \"" + identity.user + "\" cannot " + act.verb + " resource \""
                         + act.resource + "\" in API group \"" + act.group + "\"" + where);
}

std::vector<Object> accessObjects()
{
    std::vector<Object> objects;
    for (const std::string_view document : object::splitYamlDocuments(kRoles)) {
        if (const auto value = object::parseYaml(document); value && !value->isEmpty())
            objects.emplace_back(*value);
    }
    return objects;
}

} // namespace tiphys::demo
