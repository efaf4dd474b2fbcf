// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace tiphys::git {

/// Everything that reaching a remote repository may need, as plain values. Whatever is empty is not used.
struct Credentials
{
    std::string username;             ///< HTTP; "x-access-token" is taken if there is only a password
    std::string password;             ///< HTTP password or access token
    std::string bearerToken;          ///< HTTP, instead of user and password
    std::string caPem;                ///< certificates that replace the system's roots
    std::string clientCertificatePem; ///< TLS client certificate, with its chain
    std::string clientKeyPem;         ///< its private key
    std::string proxy;                ///< http://, socks5:// URL
    std::string noProxy;              ///< hosts without proxy, comma-separated, as NO_PROXY
    std::string sshKeyPath;           ///< private key file; otherwise the agent and the user's own keys
    std::string sshKeyText;           ///< private key, instead of a file
    std::string knownHosts;           ///< lines of a known_hosts file; "" is the user's own file
    bool insecure = false;            ///< neither TLS certificates nor SSH host keys are checked
};

} // namespace tiphys::git
