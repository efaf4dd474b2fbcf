// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/credential_source.h"

#include "async/wait_for.h"
#include "kube/tls.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QThreadPool>

#include <gtest/gtest.h>

using namespace tiphys;
using namespace tiphys::kube;

namespace {

/// Goes on when it is told to.
class HandClock final : public ports::Clock
{
public:
    ports::WallTime now() const override { return time; }
    ports::BootTime sinceBoot() const override { return time; }

    std::int64_t time = 20'000; ///< a machine that has just started
};

class Credential : public testing::Test
{
protected:
    std::string path(const char *name) const { return m_folder.filePath(QString::fromUtf8(name)).toStdString(); }
    void write(const char *name, const std::string &text)
    {
        QFile file(QString::fromStdString(path(name)));
        ASSERT_TRUE(file.open(QIODevice::WriteOnly));
        file.write(text.data(), static_cast<qint64>(text.size()));
    }
    std::string read(const char *name) { return readWholeFile(path(name)).value_or(std::string()); }
    std::shared_ptr<CredentialSource> sourceOf(UserEntry user, const std::string &caFile = {})
    {
        Target target{.context = "x",
                      .cluster = {.name = "c", .server = "https://127.0.0.1:1", .caFile = caFile},
                      .user = std::move(user),
                      .ns = "default"};
        return std::make_shared<CredentialSource>(
            std::move(target), CredentialOptions{.pool = &m_pool, .clock = m_clock, .mayExec = allowed});
    }
    Expected<Credentials> current(const std::shared_ptr<CredentialSource> &source)
    {
        return async::waitFor(source->current({}));
    }
    std::string bearer(const std::shared_ptr<CredentialSource> &source)
    {
        const Expected<Credentials> credentials = current(source);
        return !credentials                   ? credentials.error().text()
               : credentials->headers.empty() ? ""
                                              : credentials->headers.front().second;
    }
    /// A certificate and its key, as files of these names; false where openssl is not there.
    bool makePair(const char *certificate, const char *key)
    {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(QStringLiteral("openssl"),
                      {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"),
                       QStringLiteral("rsa:2048"), QStringLiteral("-nodes"), QStringLiteral("-subj"),
                       QStringLiteral("/CN=me"), QStringLiteral("-days"), QStringLiteral("2"),
                       QStringLiteral("-keyout"), QString::fromUtf8(key), QStringLiteral("-out"),
                       QString::fromUtf8(certificate)});
        return process.waitForFinished() && process.exitCode() == 0;
    }
    static Async<bool> allowed(ExecConfig, std::string) { co_return true; }

    QTemporaryDir m_folder;
    QThreadPool m_pool;
    std::shared_ptr<HandClock> m_clock = std::make_shared<HandClock>();
};

} // namespace

TEST_F(Credential, ATokenFileThatIsBeingWrittenLeavesTheLastTokenInUse)
{
    write("token", "one\n");
    const auto source = sourceOf({.name = "u", .tokenFile = path("token")});
    EXPECT_EQ(bearer(source), "Bearer one");
    write("token", "");
    m_clock->time += 61'000;
    EXPECT_EQ(bearer(source), "Bearer one");
    write("token", "two");
    EXPECT_EQ(bearer(source), "Bearer one") << "not read with each request";
    m_clock->time += 11'000;
    EXPECT_EQ(bearer(source), "Bearer two") << "but sooner than one that was fine";
    QFile::remove(QString::fromStdString(path("token")));
    m_clock->time += 61'000;
    EXPECT_EQ(bearer(source), "Bearer two");
}

TEST_F(Credential, ATokenFileThatWasNeverFilledIsAnError)
{
    write("token", "\n");
    const auto source = sourceOf({.name = "u", .tokenFile = path("token")});
    EXPECT_EQ(bearer(source), "tokenFile of user 'u': read empty token from file \"" + path("token") + "\"");
    write("token", "one");
    EXPECT_EQ(bearer(source), "Bearer one") << "looked at again with the next request";
}

TEST_F(Credential, ATokenStandsInForItsFile)
{
    const auto source = sourceOf({.name = "u", .token = "written", .tokenFile = path("token")});
    EXPECT_EQ(bearer(source), "Bearer written");
    write("token", "filed");
    EXPECT_EQ(bearer(source), "Bearer filed");
}

TEST_F(Credential, CertificateAndKeyChangeTogether)
{
    if (!makePair("certificate", "key") || !makePair("certificate2", "key2"))
        GTEST_SKIP() << "openssl is not there";
    const auto source =
        sourceOf({.name = "u", .certificateFile = path("certificate"), .keyFile = path("key")}, path("certificate2"));
    const Credentials first = current(source).value();
    EXPECT_TRUE(isKeyPair(first.tls.certificatePem, first.tls.keyPem));
    EXPECT_FALSE(isKeyPair(first.tls.certificatePem, read("key2")));

    write("certificate", read("certificate2"));
    m_clock->time += 301'000;
    EXPECT_EQ(current(source)->tls, first.tls) << "the key is still the old one";
    write("key", read("key2"));
    m_clock->time += 11'000;
    const Credentials second = current(source).value();
    EXPECT_EQ(second.tls.certificatePem, read("certificate2"));
    EXPECT_EQ(second.tls.keyPem, read("key2"));
    EXPECT_NE(second.generation, first.generation);

    write("certificate2", "-----BEGIN CERT");
    m_clock->time += 301'000;
    EXPECT_EQ(current(source)->tls.caPem, second.tls.caPem) << "roots that cannot be read leave the last ones";
}

TEST_F(Credential, AProgramThatFailedIsNotRunAgainAtOnce)
{
    write("plugin", "#!/bin/sh\necho run >> \"$(dirname \"$0\")/runs\"\nexit 1\n");
    QFile(QString::fromStdString(path("plugin")))
        .setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const auto source = sourceOf(
        {.name = "u", .exec = ExecConfig{.apiVersion = "client.authentication.k8s.io/v1", .command = path("plugin")}});
    const Expected<Credentials> failed = current(source);
    ASSERT_FALSE(failed);
    EXPECT_EQ(current(source).error().text(), failed.error().text()) << "the others are told the same";
    EXPECT_EQ(read("runs"), "run\n");
    m_clock->time += 5'001;
    EXPECT_FALSE(current(source));
    EXPECT_EQ(read("runs"), "run\nrun\n");
    m_clock->time += 5'001;
    EXPECT_FALSE(current(source));
    EXPECT_EQ(read("runs"), "run\nrun\n") << "longer with each failure";
    source->forgetFailure();
    EXPECT_FALSE(current(source));
    EXPECT_EQ(read("runs"), "run\nrun\nrun\n") << "but at once where somebody asks for it";
}
