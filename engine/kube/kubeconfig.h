// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::kube {

/// One `clusters` entry. Paths are absolute or relative to the working directory, as the file's folder made them.
struct ClusterEntry
{
    std::string name;
    std::string file; ///< kubeconfig file that the entry comes from
    std::string server;
    std::string tlsServerName;
    bool skipsTlsVerification = false;
    std::string caFile;
    std::string caPem; ///< decoded certificate-authority-data
    std::string proxyUrl;
    bool disablesCompression = false;
    object::Value execConfig; ///< extension client.authentication.k8s.io/exec

    bool operator==(const ClusterEntry &) const = default;
};

enum class InteractiveMode { Never, IfAvailable, Always };

/// `users[].user.exec`: a program that prints credentials.
struct ExecConfig
{
    std::string apiVersion;
    std::string command; ///< a bare name is looked up on PATH
    std::vector<std::string> arguments;
    std::vector<std::pair<std::string, std::string>> environment;
    std::string installHint;
    bool wantsClusterInfo = false;
    InteractiveMode interactiveMode = InteractiveMode::IfAvailable;

    bool operator==(const ExecConfig &) const = default;
};

/// `users[].user.auth-provider`: how one signed in before there were exec plugins. Holds secrets.
struct AuthProvider
{
    std::string name;
    std::map<std::string, std::string> config;

    bool operator==(const AuthProvider &) const = default;
};

/// Who to act as, in place of the one who signs in.
struct Impersonation
{
    std::string user;
    std::string uid;
    std::vector<std::string> groups;
    std::map<std::string, std::vector<std::string>> extra;

    bool isEmpty() const { return user.empty() && uid.empty() && groups.empty() && extra.empty(); }
    bool operator==(const Impersonation &) const = default;
};

/// One `users` entry. Holds secrets: never printed.
struct UserEntry
{
    std::string name;
    std::string file;
    std::string certificateFile;
    std::string certificatePem;
    std::string keyFile;
    std::string keyPem;
    std::string token;
    std::string tokenFile;
    std::string username;
    std::string password;
    std::optional<ExecConfig> exec;
    std::optional<AuthProvider> authProvider;
    Impersonation impersonation;

    bool operator==(const UserEntry &) const = default;
};

/// One `contexts` entry.
struct ContextEntry
{
    std::string name;
    std::string file;
    std::string cluster;
    std::string user;
    std::string ns;

    bool operator==(const ContextEntry &) const = default;
};

/// Merged kubeconfig files. Of entries with one name the first file's wins.
struct KubeConfig
{
    std::vector<std::string> files; ///< those that were asked for, missing ones included
    std::vector<ClusterEntry> clusters;
    std::vector<UserEntry> users;
    std::vector<ContextEntry> contexts;
    std::string currentContext;
    /// Files that could not be used, and why; the other files still count.
    std::vector<Error> problems;

    const ClusterEntry *cluster(std::string_view name) const;
    const UserEntry *user(std::string_view name) const;
    const ContextEntry *context(std::string_view name) const;

    bool operator==(const KubeConfig &) const = default;
};

/// What one context means, checked: where to connect, and as whom.
struct Target
{
    std::string context;
    ClusterEntry cluster; ///< server has a scheme; TLS fields are empty for plain http
    UserEntry user;       ///< without credentials for plain http
    std::string ns;       ///< "default" if the context names none
};

/// The text of a file. Error NotFound: there is no such file.
using FileReader = std::function<Expected<std::string>(const std::string &path)>;

/// One kubeconfig file. \p path is named in errors and makes relative paths absolute. Errors: InvalidInput with
/// file, line where known, and field.
/// Source: client-go tools/clientcmd/{loader,api/v1/conversion}.go@v0.36.1
Expected<KubeConfig> parseKubeConfig(std::string_view text, const std::string &path);

/// The files of \p paths merged; missing ones are skipped, bad ones are problems.
/// Source: client-go tools/clientcmd/loader.go (ClientConfigLoadingRules.Load)@v0.36.1
KubeConfig loadKubeConfig(const std::vector<std::string> &paths, const FileReader &read);

/// The target of \p contextName ("" for the current context). Errors: NotFound for an unknown context or cluster,
/// InvalidInput for fields that exclude each other, Unsupported for a legacy sign-in (auth-provider) other than "oidc".
/// Source: client-go tools/clientcmd/{client_config,validation}.go@v0.36.1
Expected<Target> targetOf(const KubeConfig &config, std::string_view contextName);

} // namespace tiphys::kube
