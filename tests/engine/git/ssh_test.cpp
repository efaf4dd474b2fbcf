// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/credential_helper.h"
#include "git/mirror.h"

#include "engine/git/git_fixture.h"

#include <gmock/gmock.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tiphys::git {

namespace {

namespace fs = std::filesystem;

std::string textOf(const std::string &file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

int connectedTo(int port)
{
    const int channel = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int code = connect(channel, reinterpret_cast<sockaddr *>(&address), sizeof address);
    close(channel);
    return code;
}

int freePort()
{
    const int channel = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(channel, reinterpret_cast<sockaddr *>(&address), size);
    getsockname(channel, reinterpret_cast<sockaddr *>(&address), &size);
    close(channel);
    return ntohs(address.sin_port);
}

/// A real sshd on loopback with keys of its own.
class SshServer
{
public:
    explicit SshServer(const std::string &folder) : m_folder(folder)
    {
        outputOf("cd " + shellQuoted(folder)
                 + " && for k in host user other; do ssh-keygen -q -t ed25519 -N '' -f $k; done");
        fs::copy_file(folder + "/user.pub", folder + "/authorized");
        m_port = freePort();
        std::ofstream(folder + "/config")
            << "Port " << m_port << "\nListenAddress 127.0.0.1\nHostKey " << folder << "/host\nPidFile none\n"
            << "AuthorizedKeysFile " << folder << "/authorized\nStrictModes no\nUsePAM no\n"
            << "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n";
        std::error_code ignored;
        fs::create_directories("/run/sshd", ignored);
        m_process = fork();
        if (m_process == 0) {
            execl("/usr/sbin/sshd", "/usr/sbin/sshd", "-D", "-f", (folder + "/config").c_str(), "-E",
                  (folder + "/log").c_str(), nullptr);
            _exit(127);
        }
    }
    ~SshServer()
    {
        kill(m_process, SIGTERM);
        waitpid(m_process, nullptr, 0);
    }
    bool isUp() const
    {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (connectedTo(m_port) != 0) {
            if (std::chrono::steady_clock::now() > deadline || waitpid(m_process, nullptr, WNOHANG) != 0)
                return false;
            std::this_thread::yield();
        }
        return true;
    }
    std::string url(const std::string &path) const
    {
        return "ssh://" + outputOf("id -un | tr -d '\\n'") + "@127.0.0.1:" + std::to_string(m_port) + path;
    }
    std::string knownHosts(const std::string &key) const
    {
        return "[127.0.0.1]:" + std::to_string(m_port) + " " + textOf(m_folder + "/" + key + ".pub");
    }
    std::string log() const { return textOf(m_folder + "/log"); }

private:
    std::string m_folder;
    int m_port = 0;
    pid_t m_process = -1;
};

} // namespace

TEST(Ssh, FetchesWithAKeyAndChecksTheHost)
{
    if (!fs::exists("/usr/sbin/sshd"))
        GTEST_SKIP() << "no sshd on this machine";
    const TemporaryFolder folder;
    const GitFixture fixture(folder / "it's an app");
    fixture.write("a.yaml", "a: 1\n");
    fixture.commit("first");
    const SshServer server(folder.path());
    ASSERT_TRUE(server.isUp()) << server.log();
    const std::string url = server.url(fixture.path());

    RemoteAccess access;
    access.credentials.sshKeyText = textOf(folder / "user");
    access.credentials.knownHosts = server.knownHosts("host");
    const Mirror mirror(folder / "cache", url);
    const Expected<std::vector<Ref>> refs = mirror.fetch(access);
    ASSERT_TRUE(refs) << refs.error().text() << server.log();
    EXPECT_EQ((*mirror.repository()->tree(*mirror.repository()->resolve("main")))->read("a.yaml")->text, "a: 1\n");
    fixture.write("b.yaml", "b: 1\n");
    const std::string second = fixture.commit("second");
    ASSERT_TRUE(mirror.fetch(access));
    EXPECT_EQ(mirror.repository()->resolve("main")->commit, second);

    access.credentials.sshKeyText = "";
    access.credentials.sshKeyPath = folder / "user";
    EXPECT_TRUE(remoteRefs(url, access));

    access.credentials.knownHosts = server.knownHosts("other");
    EXPECT_EQ(remoteRefs(url, access).error().code(), ErrorCode::Denied) << remoteRefs(url, access).error().text();

    access.credentials.knownHosts = server.knownHosts("host");
    access.credentials.sshKeyPath = folder / "other";
    EXPECT_EQ(remoteRefs(url, access).error().code(), ErrorCode::Unauthorized)
        << remoteRefs(url, access).error().text();

    access.credentials.sshKeyPath = folder / "user";
    EXPECT_EQ(remoteRefs(server.url(folder / "gone"), access).error().code(), ErrorCode::NotFound)
        << remoteRefs(server.url(folder / "gone"), access).error().text();

    std::stop_source stop;
    stop.request_stop();
    access.cancel = stop.get_token();
    EXPECT_EQ(remoteRefs(url, access).error().code(), ErrorCode::Cancelled);
}

TEST(Ssh, GivesUpServersThatGoSilent)
{
    const TemporaryFolder folder;
    const std::string script = folder / "ssh";
    std::ofstream(script) << "#!/bin/sh\necho \"$@\" > " << shellQuoted(folder / "arguments") << "\nexit 255\n";
    fs::permissions(script, fs::perms::owner_all);
    setenv("GIT_SSH", script.c_str(), 1);
    EXPECT_EQ(remoteRefs("ssh://git@host.invalid/app", {}).error().code(), ErrorCode::Unavailable);
    unsetenv("GIT_SSH");
    const std::string arguments = textOf(folder / "arguments");
    EXPECT_THAT(arguments, testing::HasSubstr("ConnectTimeout=15"));
    EXPECT_THAT(arguments, testing::HasSubstr("ServerAliveInterval=20"));
    EXPECT_THAT(arguments, testing::HasSubstr("ServerAliveCountMax=3"));
}

TEST(Ssh, IsCancelledWhileAChildOfItsShellGoesOn)
{
    setenv("GIT_SSH_COMMAND", "sleep 20; :", 1);
    std::stop_source stop;
    RemoteAccess access;
    access.cancel = stop.get_token();
    const auto began = std::chrono::steady_clock::now();
    const std::jthread stopping([&stop] {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        stop.request_stop();
    });
    EXPECT_EQ(remoteRefs("ssh://git@host.invalid/app", access).error().code(), ErrorCode::Cancelled);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(15));
    unsetenv("GIT_SSH_COMMAND");
}

TEST(CredentialsFromGit, AskTheHelpersOfTheUserAfterConsent)
{
    const TemporaryFolder folder;
    std::ofstream(folder / ".gitconfig") << "[credential]\n\thelper = \"!f() { test \\\"$1\\\" = get && echo "
                                            "username=ada && echo password=s3cret; }; f\"\n";
    setenv("HOME", folder.path().c_str(), 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    std::string asked;
    const Expected<Credentials> found =
        credentialsFromGit("https://me:pw@host:8443/x", [&](const std::string &url, const std::stop_token &) {
            asked = url;
            return true;
        });
    ASSERT_TRUE(found) << found.error().text();
    EXPECT_EQ(asked, "https://me:***@host:8443/x");
    EXPECT_EQ(found->password, "s3cret");

    EXPECT_EQ(credentialsFromGit("https://host/x", [](const auto &...) { return false; }).error().code(),
              ErrorCode::Denied);
    std::ofstream(folder / ".gitconfig") << "";
    setenv("GIT_ASKPASS", "false", 1);
    EXPECT_EQ(credentialsFromGit("https://host/x", [](const auto &...) { return true; }).error().code(),
              ErrorCode::Unauthorized);
    EXPECT_EQ(credentialsFromGit("https://host/x%0ahost=other", [](const auto &...) { return true; }).error().code(),
              ErrorCode::InvalidInput);
}

} // namespace tiphys::git
