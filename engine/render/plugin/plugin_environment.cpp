// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/plugin/plugin_environment.h"

#include "base/text.h"
#include "object/json.h"
#include "render/helm/capabilities.h"

#include <algorithm>
#include <map>

namespace tiphys::render {

using object::Value;

namespace {

/// Variables by name; a later one replaces an earlier one, as in the environment of a process that Go starts.
class Variables
{
public:
    void set(std::string name, std::string value)
    {
        const auto known = std::ranges::find(m_all, name, &PluginEnvironment::value_type::first);
        if (known != m_all.end())
            known->second = std::move(value);
        else
            m_all.emplace_back(std::move(name), std::move(value));
    }

    Expected<PluginEnvironment> checked() &&
    {
        for (const auto &[name, value] : m_all) {
            if (name.empty() || name.contains('\0') || name.contains('=') || value.contains('\0'))
                return failure(ErrorCode::InvalidInput,
                               "the plugin's variable " + quoted(name) + " cannot be given to a process");
        }
        return std::move(m_all);
    }

private:
    PluginEnvironment m_all;
};

/// \p name as part of a variable's name.
std::string escaped(std::string_view name)
{
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto byte = static_cast<unsigned char>(name[i]);
        if (byte >= 'a' && byte <= 'z')
            text += static_cast<char>(byte - 'a' + 'A');
        else if ((byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9'))
            text += static_cast<char>(byte);
        else if ((byte & 0xC0) != 0x80) // one for each character, however many bytes it has
            text += '_';
    }
    return text;
}

std::unexpected<Error> wrong(const std::string &what)
{
    return failure(ErrorCode::InvalidInput, "source.plugin: " + what);
}

Expected<void> addEnv(const Value &env, const BuildEnvironment &environment, Variables &variables)
{
    if (!env.isNull() && !env.isList())
        return wrong("env must be a list");
    for (const Value &entry : env.items()) {
        const Value name = entry.isMap() ? entry["name"] : Value();
        const Value value = entry.isMap() ? entry["value"] : Value();
        if (!name.isString() || (!value.isNull() && !value.isString()))
            return wrong("env must be a list of names and values");
        variables.set("ARGOCD_ENV_" + std::string(name.stringOr()), environment.substituted(value.stringOr()));
    }
    return {};
}

/// One parameter as Argo CD hands it on; its variables go to \p variables.
Expected<Value> addParameter(const Value &parameter, Variables &variables)
{
    if (!parameter.isMap() || (!parameter["name"].isNull() && !parameter["name"].isString()))
        return wrong("parameters must be a list of maps with a name");
    const std::string name(parameter["name"].stringOr());
    const std::string base = "PARAM_" + escaped(name);
    const auto isText = [](const Value &value) { return value.isString(); };
    std::map<std::string, Value> shown{{"name", Value(name)}};
    const Value text = parameter["string"];
    const Value map = parameter["map"];
    const Value list = parameter["array"];
    if ((!text.isNull() && !text.isString()) || (!map.isNull() && !map.isMap()) || (!list.isNull() && !list.isList()))
        return wrong("parameter " + quoted(name) + " must hold a string, an array or a map");
    if (text.isString()) {
        shown.emplace("string", text);
        variables.set(base, std::string(text.stringOr()));
    }
    if (map.isMap()) {
        shown.emplace("map", map);
        for (const auto &[key, value] : map.entries()) {
            if (!isText(value))
                return wrong("parameter " + quoted(name) + " must be a map of strings");
            variables.set(base + "_" + escaped(key), std::string(value.stringOr()));
        }
    }
    if (list.isList()) {
        shown.emplace("array", list);
        std::size_t i = 0;
        for (const Value &value : list.items()) {
            if (!isText(value))
                return wrong("parameter " + quoted(name) + " must be an array of strings");
            variables.set(base + "_" + std::to_string(i++), std::string(value.stringOr()));
        }
    }
    return Value::map(std::vector<std::pair<std::string, Value>>(shown.begin(), shown.end()));
}

Expected<void> addParameters(const Value &parameters, Variables &variables)
{
    if (!parameters.isNull() && !parameters.isList())
        return wrong("parameters must be a list");
    std::vector<Value> shown;
    Variables single;
    for (const Value &parameter : parameters.items()) {
        const Expected<Value> one = addParameter(parameter, single);
        if (!one)
            return std::unexpected(one.error());
        shown.push_back(*one);
    }
    variables.set("ARGOCD_APP_PARAMETERS",
                  parameters.isNull() ? "null" : object::toJson(Value::list(shown), {.escapesHtml = true}));
    Expected<PluginEnvironment> all = std::move(single).checked();
    if (!all)
        return std::unexpected(all.error());
    for (auto &[name, value] : *all)
        variables.set(std::move(name), std::move(value));
    return {};
}

} // namespace

Expected<PluginEnvironment> pluginEnvironment(const Value &plugin, const RenderContext &context)
{
    Variables variables;
    for (const auto &[name, value] : context.environment.variables())
        variables.set(name, value);
    variables.set("KUBE_VERSION", plainKubeVersion(context.kubeVersion));
    variables.set("KUBE_API_VERSIONS", join(context.apiVersions, ","));
    if (plugin.isNull())
        return std::move(variables).checked();
    if (!plugin.isMap())
        return failure(ErrorCode::InvalidInput, "source.plugin must be a map");
    if (const Expected<void> added = addEnv(plugin["env"], context.environment, variables); !added)
        return std::unexpected(added.error());
    if (const Expected<void> added = addParameters(plugin["parameters"], variables); !added)
        return std::unexpected(added.error());
    return std::move(variables).checked();
}

} // namespace tiphys::render
