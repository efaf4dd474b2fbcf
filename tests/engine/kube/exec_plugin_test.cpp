// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/exec_plugin.h"

#include "async/wait_for.h"
#include "kube/connect.h"
#include "kube/credential_source.h"
#include "object/json.h"
#include "ports/system_clock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::kube;

namespace {

constexpr const char *kV1 = "client.authentication.k8s.io/v1";

class ExecPlugin : public testing::Test
{
protected:
    /// A plugin that runs \p body in a shell.
    ExecConfig plugin(const std::string &body)
    {
        const QString path = m_folder.filePath(QStringLiteral("plugin"));
        QFile file(path);
        EXPECT_TRUE(file.open(QIODevice::WriteOnly));
        file.write(("#!/bin/sh\n" + body + "\n").c_str());
        file.close();
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        return {.apiVersion = kV1, .command = path.toStdString()};
    }
    static Expected<ExecCredential> run(const ExecConfig &exec, const ClusterEntry &cluster = {})
    {
        return async::waitFor(runExecPlugin(exec, cluster, "CA", {}));
    }

    static Async<bool> allowed(ExecConfig, std::string) { co_return true; }
    static Target target(ExecConfig exec)
    {
        return {.context = "x",
                .cluster = {.name = "c", .server = "https://127.0.0.1:1"},
                .user = {.name = "u", .exec = std::move(exec)},
                .ns = "default"};
    }
    std::string textOf(const char *name) const
    {
        QFile file(m_folder.filePath(QString::fromUtf8(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    }

    QTemporaryDir m_folder;
    QThreadPool m_pool;
};

struct OutputCase
{
    std::string name;
    std::string output;
    std::string message;
};

std::string credential(const std::string &status)
{
    return R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1")" + status + "}";
}

} // namespace

TEST_F(ExecPlugin, GivesItsToken)
{
    const Expected<ExecCredential> got = run(
        plugin("echo '" + credential(R"(,"status":{"token":"t","expirationTimestamp":"2030-01-02T03:04:05Z"})") + "'"));
    ASSERT_TRUE(got) << got.error().text();
    EXPECT_EQ(got->token, "t");
    EXPECT_EQ(got->expires, 1893553445000);
}

TEST_F(ExecPlugin, GetsArgumentsEnvironmentAndClusterInfo)
{
    ExecConfig exec =
        plugin(R"x(printf '{"kind":"ExecCredential","apiVersion":"%s","status":{"token":"%s %s %s"}}' )x"
               R"x(client.authentication.k8s.io/v1 "$1" "$EXTRA" "$(printf %s "$KUBERNETES_EXEC_INFO" | tr -d '"')")x");
    exec.arguments = {"one two"};
    exec.environment = {{"EXTRA", "e"}};
    exec.wantsClusterInfo = true;
    const Expected<ExecCredential> got = run(exec, {.server = "https://h", .proxyUrl = "http://p"});
    ASSERT_TRUE(got) << got.error().text();
    EXPECT_EQ(got->token, "one two e "
                          "{apiVersion:client.authentication.k8s.io/"
                          "v1,kind:ExecCredential,spec:{cluster:{certificate-authority-data:Q0E=,"
                          "proxy-url:http://p,server:https://h},interactive:false}}");
}

TEST_F(ExecPlugin, NamesTheExitCodeAndWhatThePluginSaid)
{
    const Expected<ExecCredential> got = run(plugin("echo 'please log in' >&2; exit 3"));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code(), ErrorCode::Unauthorized);
    EXPECT_TRUE(got.error().message().ends_with("plugin failed with exit code 3: please log in"))
        << got.error().message();
}

TEST_F(ExecPlugin, GivesTheInstallHintWhenAbsent)
{
    const Expected<ExecCredential> got = run(
        {.apiVersion = kV1, .command = "no-such-plugin-here", .installHint = "\x1b[31mget it\x1b[0m at example.com\n"});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().text(), "exec: executable no-such-plugin-here not found: get it at example.com");
}

TEST_F(ExecPlugin, NamesAPathThatDoesNotExist)
{
    const Expected<ExecCredential> got = run({.apiVersion = kV1, .command = "/no/such/plugin"});
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code(), ErrorCode::NotFound);
    EXPECT_TRUE(got.error().text().starts_with("exec: fork/exec /no/such/plugin: ")) << got.error().text();
}

TEST_F(ExecPlugin, RefusesToBeInteractive)
{
    ExecConfig exec = plugin("true");
    exec.interactiveMode = InteractiveMode::Always;
    EXPECT_EQ(run(exec).error().text(),
              "exec plugin cannot support interactive mode: standard input is not a terminal");
}

TEST_F(ExecPlugin, EndsWhenCancelled)
{
    CancelSource source;
    Async<ExecCredential> task = runExecPlugin(plugin("exec sleep 1000"), {}, {}, source.token());
    source.cancel();
    EXPECT_EQ(async::waitFor(std::move(task)).error().code(), ErrorCode::Cancelled);
}

TEST_F(ExecPlugin, EndsAfterItsTime)
{
    using namespace std::chrono_literals;
    ExecConfig exec = plugin("echo no way to the provider >&2; exec sleep 1000");
    exec.interactiveMode = InteractiveMode::Never;
    const Expected<ExecCredential> got =
        async::waitFor(runExecPlugin(exec, {}, {}, {}, {.limit = 3s, .interactiveLimit = 1h}));
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code(), ErrorCode::Unauthorized);
    EXPECT_EQ(got.error().text(),
              "exec: executable " + exec.command + " did not answer within 3s and was ended: no way to the provider");
}

TEST_F(ExecPlugin, WhoWaitsForASilentOneIsToldAndItRunsOn)
{
    using namespace std::chrono_literals;
    const ExecConfig exec =
        plugin("folder=$(dirname \"$0\"); echo run >> \"$folder/runs\"; echo open https://issuer >&2\n"
               "while [ ! -e \"$folder/done\" ]; do sleep 0.05; done\necho '"
               + credential(R"(,"status":{"token":"late"})") + "'");
    const auto source = std::make_shared<CredentialSource>(
        target(exec), CredentialOptions{.pool = &m_pool,
                                        .clock = std::make_shared<ports::SystemClock>(),
                                        .mayExec = allowed,
                                        .execTimes = {.untilTold = 3s}});
    const Expected<Credentials> waited = async::waitFor(source->current({}));
    ASSERT_FALSE(waited);
    EXPECT_EQ(waited.error().code(), ErrorCode::Unauthorized);
    EXPECT_TRUE(waited.error().text().ends_with(
        "(it may wait for a sign-in in another window; it is ended after 15m): open https://issuer"))
        << waited.error().text();
    QFile file(m_folder.filePath(QStringLiteral("done")));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.close();
    Expected<Credentials> late = async::waitFor(source->current({}));
    if (!late)
        late = async::waitFor(source->current({})); // a slow machine
    ASSERT_TRUE(late) << late.error().text();
    EXPECT_EQ(late->headers.front().second, "Bearer late");
    EXPECT_EQ(textOf("runs"), "run\n");
}

TEST_F(ExecPlugin, OneThatTakesItsTimeIsNoticedUntilItIsOver)
{
    using namespace std::chrono_literals;
    const ExecConfig exec =
        plugin("folder=$(dirname \"$0\")\nwhile [ ! -e \"$folder/done\" ]; do sleep 0.05; done\necho '"
               + credential(R"(,"status":{"token":"late"})") + "'");
    std::vector<std::string> heard;
    const auto source = std::make_shared<CredentialSource>(
        target(exec), CredentialOptions{.pool = &m_pool,
                                        .clock = std::make_shared<ports::SystemClock>(),
                                        .mayExec = allowed,
                                        .execTimes = {.untilNoticed = 50ms},
                                        .onExecWait = [&](const ExecWait &wait) {
                                            heard.push_back(wait.context
                                                            + (wait.isOver ? " has done with " : " waits for ")
                                                            + wait.command);
                                        }});
    Async<Credentials> waiting = source->current({});
    ASSERT_TRUE(QTest::qWaitFor([&] { return !heard.empty(); }, 60s));
    EXPECT_EQ(heard, std::vector{"x waits for " + exec.command});
    QFile file(m_folder.filePath(QStringLiteral("done")));
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.close();
    const Expected<Credentials> late = async::waitFor(std::move(waiting));
    ASSERT_TRUE(late) << late.error().text();
    EXPECT_EQ(heard, (std::vector{"x waits for " + exec.command, "x has done with " + exec.command}));
}

TEST_F(ExecPlugin, OneThatAnswersIsNotNoticed)
{
    const ExecConfig exec = plugin("echo '" + credential(R"(,"status":{"token":"soon"})") + "'");
    int heard = 0;
    const auto source = std::make_shared<CredentialSource>(
        target(exec), CredentialOptions{.pool = &m_pool,
                                        .clock = std::make_shared<ports::SystemClock>(),
                                        .mayExec = allowed,
                                        .execTimes = {.untilNoticed = std::chrono::minutes(1)},
                                        .onExecWait = [&](const ExecWait &) { ++heard; }});
    ASSERT_TRUE(async::waitFor(source->current({})));
    EXPECT_EQ(heard, 0);
}

TEST_F(ExecPlugin, RunsOnceForAllWhoseCredentialsWereRefused)
{
    const ExecConfig exec =
        plugin("echo run >> \"$(dirname \"$0\")/runs\"; echo '" + credential(R"(,"status":{"token":"same"})") + "'");
    const auto source = std::make_shared<CredentialSource>(
        target(exec),
        CredentialOptions{.pool = &m_pool, .clock = std::make_shared<ports::SystemClock>(), .mayExec = allowed});
    const Expected<Credentials> first = async::waitFor(source->current({}));
    ASSERT_TRUE(first) << first.error().text();
    EXPECT_TRUE(source->refused(first->generation));
    ASSERT_TRUE(async::waitFor(source->current({})));
    EXPECT_TRUE(source->refused(first->generation)) << "of another request";
    ASSERT_TRUE(async::waitFor(source->current({})));
    EXPECT_EQ(textOf("runs"), "run\nrun\n");
}

TEST_F(ExecPlugin, EndsWithTheConnectionThatNobodyWantsAnyMore)
{
    const ExecConfig exec = plugin("echo $$ > \"$(dirname \"$0\")/pid\"; exec sleep 1000");
    ports::ClusterPtr cluster =
        connect(target(exec), {.pool = &m_pool, .clock = std::make_shared<ports::SystemClock>(), .mayExec = allowed})
            .value();
    CancelSource source;
    Async<std::string> asking = cluster->getRaw("/version", source.token());
    ASSERT_TRUE(QTest::qWaitFor([&] { return textOf("pid").ends_with('\n'); }));
    const std::string process = "/proc/" + textOf("pid").substr(0, textOf("pid").size() - 1);
    source.cancel();
    EXPECT_EQ(async::waitFor(std::move(asking)).error().code(), ErrorCode::Cancelled);
    cluster.reset();
    EXPECT_TRUE(QTest::qWaitFor([&] { return !QFile::exists(QString::fromStdString(process)); }));
}

class BadOutput : public testing::TestWithParam<OutputCase>
{
};

TEST_P(BadOutput, IsNamed)
{
    const Expected<ExecCredential> got = parseExecOutput(GetParam().output, kV1);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().message().substr(0, GetParam().message.size()), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    ExecPlugin, BadOutput,
    testing::Values(
        OutputCase{
            "Empty", "\n",
            "exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin returned version "
            "client.authentication.k8s.io/__internal"},
        OutputCase{"Text", "hello", "decoding stdout: "},
        OutputCase{"OtherKind", R"({"kind":"Pod","apiVersion":"v1"})", "decoding stdout: "},
        OutputCase{
            "OtherVersion", R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1"})",
            "exec plugin is configured to use API version client.authentication.k8s.io/v1, plugin returned version "
            "client.authentication.k8s.io/v1beta1"},
        OutputCase{"NoStatus", credential(""), "exec plugin didn't return a status field"},
        OutputCase{"Nothing", credential(R"(,"status":{})"), "exec plugin didn't return a token or cert/key pair"},
        OutputCase{"OnlyKey", credential(R"(,"status":{"clientKeyData":"k"})"),
                   "exec plugin returned only certificate or key, not both"},
        OutputCase{"BadTime", credential(R"(,"status":{"token":"t","expirationTimestamp":"soon"})"),
                   "decoding stdout: "}),
    [](const auto &row) { return row.param.name; });
