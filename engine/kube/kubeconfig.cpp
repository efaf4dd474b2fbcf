// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/kubeconfig.h"

#include "base/base64.h"
#include "base/text.h"
#include "object/yaml.h"

#include <algorithm>
#include <set>

namespace tiphys::kube {

namespace {

using object::Value;

std::string_view typeName(const Value &value)
{
    switch (value.type()) {
    case object::Type::Null: return "null";
    case object::Type::Bool: return "a boolean";
    case object::Type::Int:
    case object::Type::Uint:
    case object::Type::Double: return "a number";
    case object::Type::String: return "a string";
    case object::Type::List: return "a list";
    case object::Type::Map: return "a map";
    }
    return "unknown";
}

/// Reads typed fields of one map and keeps the first mistake, with the path of its field.
class FieldReader
{
public:
    FieldReader(const Value &map, std::string path, std::optional<Error> &error)
        : m_map(map), m_path(std::move(path)), m_error(error)
    {
        if (!m_map.isMap() && !m_map.isNull())
            mistake({}, "a map", m_map);
    }

    std::string text(std::string_view field) const
    {
        const Value value = m_map[field];
        if (!value.isString() && !value.isNull())
            mistake(field, "a string", value);
        return std::string(value.stringOr());
    }

    bool flag(std::string_view field) const
    {
        const Value value = m_map[field];
        if (!value.isBool() && !value.isNull())
            mistake(field, "a boolean", value);
        return value.boolOr(false);
    }

    std::string bytes(std::string_view field) const
    {
        const std::string encoded = text(field);
        Expected<std::string> decoded = decodedBase64(encoded);
        if (!decoded)
            fail(place(field) + " is not base64");
        return std::move(decoded).value_or(std::string());
    }

    std::vector<std::string> texts(std::string_view field) const
    {
        std::vector<std::string> result;
        const Value list = listOf(field);
        for (const Value &item : list.items()) {
            if (!item.isString())
                mistake(std::string(field) + "[" + std::to_string(result.size()) + "]", "a string", item);
            result.emplace_back(item.stringOr());
        }
        return result;
    }

    Value listOf(std::string_view field) const
    {
        const Value value = m_map[field];
        if (value.isList() || value.isNull())
            return value;
        mistake(field, "a list", value);
        return {};
    }

    FieldReader map(std::string_view field) const { return {m_map[field], place(field), m_error}; }
    Value value(std::string_view field) const { return m_map[field]; }
    const Value &self() const { return m_map; }
    bool isPresent() const { return m_map.isMap(); }
    std::string place(std::string_view field) const
    {
        if (field.empty())
            return m_path.empty() ? "the document" : m_path;
        return m_path.empty() ? std::string(field) : m_path + "." + std::string(field);
    }
    void fail(std::string message) const
    {
        if (!m_error)
            m_error.emplace(ErrorCode::InvalidInput, std::move(message));
    }

private:
    void mistake(std::string_view field, std::string_view wanted, const Value &found) const
    {
        fail(place(field) + " must be " + std::string(wanted) + ", it is " + std::string(typeName(found)));
    }

    Value m_map;
    std::string m_path;
    std::optional<Error> &m_error;
};

bool isAbsolute(std::string_view path)
{
    const bool hasDrive = path.size() > 2 && path[1] == ':' && (path[2] == '\\' || path[2] == '/');
    return path.starts_with('/') || path.starts_with('\\') || hasDrive;
}

/// \p path as seen from the folder of the kubeconfig \p file.
std::string resolved(const std::string &path, const std::string &file)
{
    if (path.empty() || isAbsolute(path))
        return path;
    const std::size_t slash = file.find_last_of("/\\");
    return slash == std::string::npos ? path : file.substr(0, slash + 1) + path;
}

ClusterEntry readCluster(const FieldReader &fields, const std::string &file)
{
    ClusterEntry cluster{.file = file};
    cluster.server = fields.text("server");
    cluster.tlsServerName = fields.text("tls-server-name");
    cluster.skipsTlsVerification = fields.flag("insecure-skip-tls-verify");
    cluster.caFile = resolved(fields.text("certificate-authority"), file);
    cluster.caPem = fields.bytes("certificate-authority-data");
    cluster.proxyUrl = fields.text("proxy-url");
    cluster.disablesCompression = fields.flag("disable-compression");
    const Value extensions = fields.listOf("extensions");
    for (const Value &extension : extensions.items()) {
        if (extension["name"].stringOr() == "client.authentication.k8s.io/exec")
            cluster.execConfig = extension["extension"];
    }
    return cluster;
}

std::optional<InteractiveMode> interactiveModeOf(std::string_view text, std::string_view apiVersion)
{
    if (text == "Never")
        return InteractiveMode::Never;
    if (text == "IfAvailable" || (text.empty() && apiVersion.ends_with("/v1beta1")))
        return InteractiveMode::IfAvailable;
    if (text == "Always")
        return InteractiveMode::Always;
    return std::nullopt;
}

ExecConfig readExec(const FieldReader &fields, const std::string &user, const std::string &file)
{
    ExecConfig exec;
    exec.apiVersion = fields.text("apiVersion");
    exec.command = fields.text("command");
    if (exec.command.find_first_of("/\\") != std::string::npos)
        exec.command = resolved(exec.command, file);
    exec.arguments = fields.texts("args");
    exec.installHint = fields.text("installHint");
    exec.wantsClusterInfo = fields.flag("provideClusterInfo");
    const Value environment = fields.listOf("env");
    for (const Value &variable : environment.items())
        exec.environment.emplace_back(variable["name"].stringOr(), variable["value"].stringOr());
    const std::string mode = fields.text("interactiveMode");
    const std::string forUser = " for " + user + " to use exec authentication plugin";
    if (exec.command.empty())
        fields.fail("command must be specified" + forUser);
    if (exec.apiVersion.empty())
        fields.fail("apiVersion must be specified" + forUser);
    else if (exec.apiVersion != "client.authentication.k8s.io/v1"
             && exec.apiVersion != "client.authentication.k8s.io/v1beta1")
        fields.fail("exec plugin: invalid apiVersion \"" + exec.apiVersion + "\"");
    else if (mode.empty() && exec.apiVersion.ends_with("/v1"))
        fields.fail("interactiveMode must be specified" + forUser);
    const std::optional<InteractiveMode> read = interactiveModeOf(mode, exec.apiVersion);
    if (!read)
        fields.fail("invalid interactiveMode for " + user + ": \"" + mode + "\"");
    exec.interactiveMode = read.value_or(InteractiveMode::Never);
    return exec;
}

Impersonation readImpersonation(const FieldReader &fields)
{
    Impersonation as{.user = fields.text("as"), .uid = fields.text("as-uid"), .groups = fields.texts("as-groups")};
    const FieldReader extra = fields.map("as-user-extra");
    for (const Value::Member &member : extra.self().sortedEntries())
        as.extra.emplace(member.first, extra.texts(member.first));
    return as;
}

UserEntry readUser(const FieldReader &fields, const std::string &name, const std::string &file)
{
    UserEntry user{.name = name, .file = file};
    user.certificateFile = resolved(fields.text("client-certificate"), file);
    user.certificatePem = fields.bytes("client-certificate-data");
    user.keyFile = resolved(fields.text("client-key"), file);
    user.keyPem = fields.bytes("client-key-data");
    user.token = fields.text("token");
    user.tokenFile = resolved(fields.text("tokenFile"), file);
    user.username = fields.text("username");
    user.password = fields.text("password");
    user.impersonation = readImpersonation(fields);
    const FieldReader provider = fields.map("auth-provider");
    if (provider.isPresent()) {
        user.authProvider = AuthProvider{.name = provider.text("name"), .config = {}};
        const FieldReader config = provider.map("config");
        for (const auto &[field, value] : config.self().entries())
            user.authProvider->config.emplace(field, config.text(field));
    }
    const FieldReader exec = fields.map("exec");
    if (exec.isPresent())
        user.exec = readExec(exec, name, file);
    return user;
}

/// Calls \p read with the name and the inner map of each entry of the list \p field.
void eachEntry(const FieldReader &document, const std::string &field, const std::string &inner,
               const std::function<void(const std::string &, const FieldReader &)> &read)
{
    std::set<std::string> names;
    const Value list = document.listOf(field);
    std::optional<Error> first;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const FieldReader entry(list.at(i), field + "[" + std::to_string(i) + "]", first);
        const std::string name = entry.text("name");
        if (!names.insert(name).second)
            document.fail(field + ": duplicate name \"" + name + "\" in list");
        read(name, entry.map(inner));
        if (first)
            document.fail(first->message());
    }
}

template <typename Entry>
const Entry *named(const std::vector<Entry> &entries, std::string_view name)
{
    const auto found = std::ranges::find(entries, name, &Entry::name);
    return found == entries.end() ? nullptr : &*found;
}

template <typename Entry>
void addMissing(std::vector<Entry> &into, std::vector<Entry> entries)
{
    for (Entry &entry : entries) {
        if (!named(into, entry.name))
            into.push_back(std::move(entry));
    }
}

Error invalid(std::string message)
{
    return {ErrorCode::InvalidInput, std::move(message)};
}

std::optional<Error> mistakeIn(const ClusterEntry &cluster)
{
    if (cluster.server.empty())
        return invalid("no server found for cluster \"" + cluster.name + "\"");
    if (!cluster.caFile.empty() && !cluster.caPem.empty())
        return invalid("certificate-authority-data and certificate-authority are both specified for " + cluster.name);
    if (cluster.skipsTlsVerification && (!cluster.caFile.empty() || !cluster.caPem.empty()))
        return invalid("specifying a root certificates file with the insecure flag is not allowed");
    const std::string scheme = cluster.proxyUrl.substr(0, cluster.proxyUrl.find("://"));
    if (cluster.proxyUrl.empty() || scheme == "http" || scheme == "https" || scheme == "socks5")
        return std::nullopt;
    const bool hasScheme = scheme.size() != cluster.proxyUrl.size();
    return invalid("invalid 'proxy-url' for cluster \"" + cluster.name + "\": unsupported scheme \""
                   + (hasScheme ? scheme : "") + "\", must be http, https, or socks5");
}

/// Source: client-go plugin/pkg/client/auth/{oidc/oidc.go (newOIDCAuthProvider),gcp,azure}@v0.36.1
std::optional<Error> mistakeIn(const AuthProvider &provider, const std::string &user)
{
    const std::string who = "user \"" + user + "\" signs in by the auth-provider \"" + provider.name + "\"";
    if (provider.name != "oidc") {
        const std::string instead = provider.name == "gcp"     ? "gke-gcloud-auth-plugin"
                                    : provider.name == "azure" ? "kubelogin"
                                                               : "of its maker";
        return Error(ErrorCode::Unsupported, who + ", which is no longer supported: use the exec credential plugin "
                                                 + instead + " in its place");
    }
    for (const std::string field : {"idp-issuer-url", "client-id"}) {
        if (!provider.config.contains(field) || provider.config.at(field).empty())
            return invalid(who + ", which must provide " + field);
    }
    return std::nullopt;
}

std::optional<Error> mistakeIn(const UserEntry &user)
{
    const bool hasCertificate = !user.certificateFile.empty() || !user.certificatePem.empty();
    const bool hasBasic = !user.username.empty() || !user.password.empty();
    const bool hasToken = !user.token.empty() || !user.tokenFile.empty();
    if (!user.certificateFile.empty() && !user.certificatePem.empty())
        return invalid("client-cert-data and client-cert are both specified for " + user.name);
    if (!user.keyFile.empty() && !user.keyPem.empty())
        return invalid("client-key-data and client-key are both specified for " + user.name);
    if (hasCertificate && user.keyFile.empty() && user.keyPem.empty())
        return invalid("client-key-data or client-key must be specified for " + user.name
                       + " to use the clientCert authentication method");
    if (hasToken && hasBasic)
        return invalid("more than one authentication method found for " + user.name
                       + "; found [token basicAuth], only one is allowed");
    if (user.exec && user.authProvider)
        return invalid("authProvider cannot be provided in combination with an exec plugin for " + user.name);
    const Impersonation &as = user.impersonation;
    if (as.user.empty() && !as.isEmpty())
        return invalid("requesting uid, groups or user-extra for " + user.name + " without impersonating a user");
    return user.authProvider ? mistakeIn(*user.authProvider, user.name) : std::nullopt;
}

/// As client-go does it, TLS options and credentials count for https only; impersonation counts always.
void keepWhatPlainHttpUses(Target &target)
{
    if (target.cluster.server.starts_with("https://"))
        return;
    if (target.cluster.server.find("://") == std::string::npos)
        target.cluster.server = "http://" + target.cluster.server;
    target.cluster.caFile.clear();
    target.cluster.caPem.clear();
    target.cluster.tlsServerName.clear();
    target.cluster.skipsTlsVerification = false;
    target.user =
        UserEntry{.name = target.user.name, .file = target.user.file, .impersonation = target.user.impersonation};
}

} // namespace

const ClusterEntry *KubeConfig::cluster(std::string_view name) const
{
    return named(clusters, name);
}

const UserEntry *KubeConfig::user(std::string_view name) const
{
    return named(users, name);
}

const ContextEntry *KubeConfig::context(std::string_view name) const
{
    return named(contexts, name);
}

Expected<KubeConfig> parseKubeConfig(std::string_view text, const std::string &path)
{
    const std::string where = "error loading config file \"" + path + "\"";
    const Expected<Value> document = object::parseYaml(text);
    if (!document)
        return std::unexpected(document.error().in(where));
    std::optional<Error> error;
    const FieldReader fields(*document, "", error);
    const std::string apiVersion = fields.text("apiVersion");
    const std::string kind = fields.text("kind");
    if ((!apiVersion.empty() && apiVersion != "v1") || (!kind.empty() && kind != "Config"))
        fields.fail("no kind \"" + kind + "\" is registered for version \"" + apiVersion + "\"");
    KubeConfig config{.files = {path}, .currentContext = fields.text("current-context")};
    eachEntry(fields, "clusters", "cluster", [&](const std::string &name, const FieldReader &entry) {
        config.clusters.push_back(readCluster(entry, path));
        config.clusters.back().name = name;
    });
    eachEntry(fields, "users", "user", [&](const std::string &name, const FieldReader &entry) {
        config.users.push_back(readUser(entry, name, path));
    });
    eachEntry(fields, "contexts", "context", [&](const std::string &name, const FieldReader &entry) {
        config.contexts.push_back({name, path, entry.text("cluster"), entry.text("user"), entry.text("namespace")});
    });
    if (error)
        return std::unexpected(error->in(where));
    return config;
}

KubeConfig loadKubeConfig(const std::vector<std::string> &paths, const FileReader &read)
{
    KubeConfig merged;
    for (const std::string &path : paths) {
        if (path.empty() || std::ranges::find(merged.files, path) != merged.files.end())
            continue;
        merged.files.push_back(path);
        const Expected<std::string> text = read(path);
        if (!text) {
            if (text.error().code() != ErrorCode::NotFound)
                merged.problems.push_back(text.error().in("error loading config file \"" + path + "\""));
            continue;
        }
        Expected<KubeConfig> config = parseKubeConfig(*text, path);
        if (!config) {
            merged.problems.push_back(config.error());
            continue;
        }
        addMissing(merged.clusters, std::move(config->clusters));
        addMissing(merged.users, std::move(config->users));
        addMissing(merged.contexts, std::move(config->contexts));
        if (merged.currentContext.empty())
            merged.currentContext = config->currentContext;
    }
    return merged;
}

Expected<Target> targetOf(const KubeConfig &config, std::string_view contextName)
{
    const std::string name(contextName.empty() ? std::string_view(config.currentContext) : contextName);
    if (name.empty())
        return failure(ErrorCode::NotFound, "no context is named and the kubeconfig has no current-context");
    const ContextEntry *context = config.context(name);
    if (!context) {
        const Error error(ErrorCode::NotFound, "context was not found for specified context: " + name);
        return std::unexpected(config.problems.empty() ? error : error.in(config.problems.front().text()));
    }
    const std::string where = "context " + tiphys::quoted(name);
    const ClusterEntry *cluster = config.cluster(context->cluster);
    if (!cluster)
        return std::unexpected(
            Error(ErrorCode::NotFound, "cluster \"" + context->cluster + "\" does not exist").in(where));
    const UserEntry *user = config.user(context->user);
    Target target{.context = name,
                  .cluster = *cluster,
                  .user = user ? *user : UserEntry{.name = context->user},
                  .ns = context->ns.empty() ? "default" : context->ns};
    if (const std::optional<Error> mistake = mistakeIn(target.cluster))
        return std::unexpected(mistake->in(where));
    if (const std::optional<Error> mistake = mistakeIn(target.user))
        return std::unexpected(mistake->in(where));
    keepWhatPlainHttpUses(target);
    return target;
}

} // namespace tiphys::kube
