// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/mirror.h"
#include "git/qt_http_request.h"
#include "git/qt_http_transport.h"

#include "engine/git/git_fixture.h"
#include "engine/git/http_server.h"

#include <QCoreApplication>
#include <QFile>
#include <QSslCertificate>
#include <QSslKey>

#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

namespace tiphys::git {

namespace {

QByteArray fileText(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << path;
    return file.readAll();
}

/// A certificate authority, a server's and a client's certificate, made by openssl.
class Certificates
{
public:
    explicit Certificates(const std::string &folder) : m_folder(folder)
    {
        outputOf("cd " + shellQuoted(folder)
                 + " && exec 2>/dev/null"
                   " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out "
                   "ca.pem -days 2 -subj '/CN=Test CA'"
                   " -addext basicConstraints=critical,CA:TRUE -addext keyUsage=keyCertSign"
                   " && for n in server client; do openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                   "-keyout $n.key -out $n.csr -subj /CN=$n;"
                   " printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\\n' > ext; openssl x509 -req -in $n.csr -CA "
                   "ca.pem -CAkey ca.key -CAcreateserial"
                   " -days 2 -extfile ext -out $n.pem || exit 1; done");
    }
    std::string text(const std::string &name) const { return fileText(m_folder + "/" + name).toStdString(); }
    QSslConfiguration server() const
    {
        QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
        tls.setLocalCertificate(QSslCertificate(fileText(m_folder + "/server.pem")));
        tls.setPrivateKey(QSslKey(fileText(m_folder + "/server.key"), QSsl::Ec));
        tls.setPeerVerifyMode(QSslSocket::VerifyNone);
        return tls;
    }
    QSslConfiguration serverThatAsksForCertificates() const
    {
        QSslConfiguration tls = server();
        tls.setCaCertificates({QSslCertificate(fileText(m_folder + "/ca.pem"))});
        tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
        return tls;
    }

private:
    std::string m_folder;
};

std::string basic(const std::string &text)
{
    return "Basic " + QByteArray::fromStdString(text).toBase64().toStdString();
}

class Http : public testing::Test
{
protected:
    Http() : fixture(folder / "repos/app")
    {
        fixture.write("a.yaml", "a: 1\n");
        first = fixture.commit("first");
        access.http = std::make_shared<QtHttpTransport>();
    }

    GitHttpServer served(GitHttpServer::Options options = {}) const
    {
        options.root = folder / "repos";
        return GitHttpServer(*qApp, std::move(options));
    }

    TemporaryFolder folder;
    GitFixture fixture;
    std::string first;
    RemoteAccess access;
};

} // namespace

TEST_F(Http, FetchesAndFetchesAgain)
{
    const GitHttpServer server = served();
    const Mirror mirror(folder / "cache", server.url() + "/app/.git");
    const Expected<std::vector<Ref>> refs = mirror.fetch(access);
    ASSERT_TRUE(refs) << refs.error().text();
    EXPECT_EQ(mirror.repository()->resolve("main")->commit, first);
    for (int i = 0; i < 300; ++i)
        fixture.write("f" + std::to_string(i),
                      std::string(2000, static_cast<char>('a' + i % 26)) + std::to_string(i * 7919));
    const std::string second = fixture.commit("second");
    ASSERT_TRUE(mirror.fetch(access));
    EXPECT_EQ(mirror.repository()->resolve("main")->commit, second);
    EXPECT_EQ(outputOf("git -C " + shellQuoted(mirror.path()) + " fsck --full 2>&1 | grep -v '^notice' || true"), "");
}

TEST_F(Http, FetchesWithDepth)
{
    fixture.commit("second");
    const GitHttpServer server = served();
    const Mirror mirror(folder / "cache", server.url() + "/app/.git");
    const Expected<std::vector<Ref>> refs = mirror.fetch(access, {.depth = 1});
    ASSERT_TRUE(refs) << refs.error().text();
    const Repository repository = *mirror.repository();
    EXPECT_TRUE(repository.isShallow());
    EXPECT_EQ((*repository.tree(*repository.resolve("main")))->read("a.yaml")->text, "a: 1\n");
    EXPECT_FALSE(repository.resolve("main~1"));
}

TEST_F(Http, SendsUserAndPasswordOrToken)
{
    const GitHttpServer server = served({.authorization = basic("ada:s3cret")});
    const std::string url = server.url() + "/app/.git";
    const Expected<std::vector<Ref>> refused = remoteRefs(url, access);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::Unauthorized) << refused.error().text();
    access.credentials = {.username = "ada", .password = "not-it"};
    const Expected<std::vector<Ref>> wrong = remoteRefs(url, access);
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code(), ErrorCode::Unauthorized);
    EXPECT_THAT(wrong.error().text(), testing::Not(testing::HasSubstr("not-it")));
    access.credentials = {.username = "ada", .password = "s3cret"};
    EXPECT_TRUE(Mirror(folder / "cache", url).fetch(access));

    const GitHttpServer bearer = served({.authorization = "Bearer token"});
    access.credentials = {.bearerToken = "token"};
    EXPECT_TRUE(remoteRefs(bearer.url() + "/app/.git", access));
    const GitHttpServer password = served({.authorization = basic("x-access-token:pat")});
    access.credentials = {.password = "pat"};
    EXPECT_TRUE(remoteRefs(password.url() + "/app/.git", access));
}

TEST_F(Http, DropsCredentialsWhenRedirectedToAnotherOrigin)
{
    const GitHttpServer target = served();
    const GitHttpServer server = served({.redirectTarget = target.url()});
    access.credentials = {.username = "ada", .password = "s3cret"};
    const Mirror mirror(folder / "cache", server.url() + "/redirect/app/.git");
    const Expected<std::vector<Ref>> refs = mirror.fetch(access);
    ASSERT_TRUE(refs) << refs.error().text();
    EXPECT_EQ(server.seenAuthorizations(), std::vector<std::string>{basic("ada:s3cret")});
    EXPECT_THAT(target.seenAuthorizations(), testing::AllOf(testing::SizeIs(testing::Ge(2u)), testing::Each("")));
}

TEST_F(Http, FollowsARedirectWhenItHasConnectionsOfManyKinds)
{
    const GitHttpServer target = served();
    const GitHttpServer server = served({.redirectTarget = target.url()});
    // Connections are shared by those alone who exempt the same hosts from the proxy.
    for (int i = 0; i < 8; ++i) {
        access.credentials.noProxy = "localhost,127.0.0.1,host" + std::to_string(i);
        ASSERT_TRUE(remoteRefs(server.url() + "/app/.git", access));
    }
    const Expected<std::vector<Ref>> refs = remoteRefs(server.url() + "/redirect/app/.git", access);
    ASSERT_TRUE(refs) << refs.error().text();
    EXPECT_TRUE(remoteRefs(server.url() + "/app/.git", access));
}

TEST_F(Http, ChecksCertificates)
{
    const Certificates certificates(folder.path());
    const GitHttpServer server = served({.tls = certificates.server()});
    const std::string url = server.url() + "/app/.git";
    const Expected<std::vector<Ref>> unknown = remoteRefs(url, access);
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code(), ErrorCode::Denied) << unknown.error().text();
    access.credentials.insecure = true;
    EXPECT_TRUE(remoteRefs(url, access));
    access.credentials.insecure = false;
    EXPECT_FALSE(remoteRefs(url, access)) << "an insecure connection was used again";
    access.credentials.caPem = certificates.text("ca.pem");
    const Expected<std::vector<Ref>> known = Mirror(folder / "cache", url).fetch(access);
    EXPECT_TRUE(known) << known.error().text();
    access.credentials.caPem = "no certificate";
    EXPECT_EQ(remoteRefs(url, access).error().code(), ErrorCode::InvalidInput);
}

TEST_F(Http, SendsAClientCertificate)
{
    const Certificates certificates(folder.path());
    const GitHttpServer server = served({.tls = certificates.serverThatAsksForCertificates()});
    const std::string url = server.url() + "/app/.git";
    access.credentials.caPem = certificates.text("ca.pem");
    EXPECT_FALSE(remoteRefs(url, access));
    access.credentials.clientCertificatePem = certificates.text("client.pem");
    access.credentials.clientKeyPem = certificates.text("client.key");
    const Expected<std::vector<Ref>> refs = remoteRefs(url, access);
    EXPECT_TRUE(refs) << refs.error().text();
}

TEST_F(Http, NamesWhatWentWrong)
{
    const GitHttpServer server = served();
    EXPECT_EQ(remoteRefs(server.url() + "/gone/.git", access).error().code(), ErrorCode::NotFound);
    const Expected<std::vector<Ref>> page = remoteRefs(server.url() + "/page/x", access);
    EXPECT_THAT(page.error().text(),
                testing::HasSubstr("does not speak Git's smart HTTP protocol (content type 'text/html')"));
    EXPECT_EQ(remoteRefs("http://127.0.0.1:1/x", access).error().code(), ErrorCode::Unavailable);
    access.credentials.proxy = "https://proxy.example.org";
    EXPECT_EQ(remoteRefs(server.url() + "/app/.git", access).error().code(), ErrorCode::Unsupported);
    access.credentials.noProxy = "localhost,127.0.0.1";
    EXPECT_TRUE(remoteRefs(server.url() + "/app/.git", access));
}

TEST_F(Http, IsCancelledWhileTheServerIsSilent)
{
    std::stop_source stop;
    const GitHttpServer server = served({.onSilent = [&] { stop.request_stop(); }});
    access.cancel = stop.get_token();
    const Expected<std::vector<Ref>> refs = remoteRefs(server.url() + "/silent/app", access);
    ASSERT_FALSE(refs);
    EXPECT_EQ(refs.error().code(), ErrorCode::Cancelled);
}

TEST(IsWithoutProxy, MatchesHostsAndTheirDomains)
{
    EXPECT_TRUE(isWithoutProxy("git.example.org", "localhost, .example.org"));
    EXPECT_TRUE(isWithoutProxy("Example.org", "example.org"));
    EXPECT_TRUE(isWithoutProxy("anything", "*"));
    EXPECT_FALSE(isWithoutProxy("badexample.org", "example.org"));
    EXPECT_FALSE(isWithoutProxy("host", ""));
}

} // namespace tiphys::git

/// The servers live in the main thread, the tests run beside it.
int main(int argc, char **argv)
{
    testing::InitGoogleMock(&argc, argv);
    QCoreApplication application(argc, argv);
    int code = 0;
    std::jthread tests([&] {
        code = RUN_ALL_TESTS();
        QMetaObject::invokeMethod(&application, &QCoreApplication::quit, Qt::QueuedConnection);
    });
    QCoreApplication::exec();
    tests.join();
    return code;
}
