// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/wait_for.h"
#include "fetch/artifacts.h"
#include "fetch/exchange.h"
#include "fetch/registry.h"
#include "support/fetched_content.h"

#include <QTemporaryDir>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

using namespace tiphys;
using ports::HttpAnswer;
using ports::HttpRequest;
using render::ChartReference;

namespace {

/// A net whose servers are a function.
class FakeHttp final : public ports::Http
{
public:
    std::function<Expected<HttpAnswer>(const HttpRequest &)> respond;
    std::vector<HttpRequest> requests;

    Async<HttpAnswer> send(HttpRequest request, CancelToken) override
    {
        requests.push_back(request);
        co_return respond(request);
    }

    int countOf(const std::string &url) const
    {
        return static_cast<int>(std::ranges::count(requests, url, &HttpRequest::url));
    }
};

class StillClock final : public ports::Clock
{
public:
    ports::WallTime now() const override { return time; }
    ports::BootTime sinceBoot() const override { return time; }
    ports::WallTime time = 1'000;
};

std::string header(const HttpRequest &request, const std::string &name)
{
    const auto found = std::ranges::find(request.headers, name, &std::pair<std::string, std::string>::first);
    return found == request.headers.end() ? "" : found->second;
}

HttpAnswer answer(int status, std::string body = {}, std::map<std::string, std::string> headers = {})
{
    return {.status = status, .headers = std::move(headers), .body = std::move(body), .url = {}};
}

struct Net
{
    std::shared_ptr<FakeHttp> http = std::make_shared<FakeHttp>();
    std::shared_ptr<StillClock> clock = std::make_shared<StillClock>();
    QTemporaryDir folder;
    std::map<std::string, std::string> files; ///< by URL; others are not found

    Net()
    {
        http->respond = [this](const HttpRequest &request) -> Expected<HttpAnswer> {
            const auto found = files.find(request.url);
            return found == files.end() ? answer(404) : answer(200, found->second);
        };
    }

    ports::ArtifactsPtr artifacts() const
    {
        return fetch::artifacts({.http = http,
                                 .cacheFolder = folder.path().toStdString(),
                                 .user = fetch::UserAccess({}, {}),
                                 .pool = nullptr,
                                 .clock = clock,
                                 .isPlainHttp = false,
                                 .progress = {}});
    }

    Expected<ports::FetchedChart> chart(const ChartReference &wanted,
                                        std::optional<ports::RepositoryAccess> access = {}) const
    {
        return async::waitFor(artifacts()->chart(wanted, std::move(access), {}));
    }
};

std::string errorOf(const Expected<ports::FetchedChart> &chart)
{
    return chart ? "no error" : chart.error().text();
}

const std::string kArchive = *tests::chartArchive("web", "1.4.0");
const std::string kIndex =
    "apiVersion: v1\nentries:\n  web:\n  - {name: web, version: 1.4.0, urls: [web-1.4.0.tgz], digest: "
    + fetch::digestOf(kArchive).substr(7) + "}\n  - {name: web, version: 1.5.0-rc.1, urls: [x.tgz]}\n";

/// A registry that wants tokens.
struct TokenRegistry
{
    std::string config = "application/vnd.cncf.helm.config.v1+json";
    std::string layer = kArchive;
    std::string layerDigest = fetch::digestOf(kArchive);

    std::string manifest() const
    {
        return R"({"schemaVersion":2,"config":{"mediaType":")" + config
               + R"(","digest":"sha256:0","size":2},"layers":[{"mediaType":")" + std::string(fetch::kHelmLayerType)
               + R"(","digest":")" + layerDigest + R"(","size":)" + std::to_string(layer.size()) + "}]}";
    }

    Expected<HttpAnswer> operator()(const HttpRequest &request) const
    {
        const std::string &url = request.url;
        if (url.starts_with("https://auth.test/token")) {
            if (header(request, "Authorization") != fetch::basicAuthorization("u", "p"))
                return answer(401);
            EXPECT_EQ(url, "https://auth.test/token?service=registry.test&scope=repository%3Acharts%2Fweb%3Apull");
            return answer(200, R"({"token":"T"})");
        }
        if (header(request, "Authorization") != "Bearer T")
            return answer(
                401, "",
                {{"www-authenticate",
                  R"(Bearer realm="https://auth.test/token",service="registry.test",scope="repository:charts/web:pull")"}});
        if (url == "https://registry.test/v2/charts/web/tags/list?n=1000")
            return answer(200, R"({"tags":["latest","1.3.0"]})",
                          {{"link", R"(</v2/charts/web/tags/list?last=1.3.0&n=1000>; rel="next")"}});
        if (url == "https://registry.test/v2/charts/web/tags/list?last=1.3.0&n=1000")
            return answer(200, R"({"tags":["1.4.0_b2","2.0.0-rc.1"]})");
        if (url.starts_with("https://registry.test/v2/charts/web/manifests/1.4.0_b2"))
            return answer(200, manifest(), {{"docker-content-digest", fetch::digestOf(manifest())}});
        if (url == "https://registry.test/v2/charts/web/blobs/" + layerDigest)
            return answer(200, layer);
        return answer(404);
    }
};

ports::RepositoryAccess userAndPassword()
{
    ports::RepositoryAccess access;
    access.username = "u";
    access.password = "p";
    return access;
}

} // namespace

TEST(ChartRepository, GivesTheVersionThatTheConstraintMeans)
{
    Net net;
    net.files = {{"https://charts.test/stable/index.yaml", kIndex},
                 {"https://charts.test/stable/web-1.4.0.tgz", kArchive}};
    const auto chart = net.chart({"https://charts.test/stable", "web", "^1", false});
    ASSERT_TRUE(chart) << errorOf(chart);
    EXPECT_EQ(chart->version, "1.4.0");
    EXPECT_EQ(*chart->archive, kArchive);
}

TEST(ChartRepository, AsksNobodyForAnExactVersionThatItHas)
{
    Net net;
    net.files = {{"https://charts.test/index.yaml", kIndex}, {"https://charts.test/web-1.4.0.tgz", kArchive}};
    ASSERT_TRUE(net.chart({"https://charts.test", "web", "1.4.0", false}));
    net.files.clear();
    const auto again = net.chart({"https://charts.test", "web", "1.4.0", false});
    ASSERT_TRUE(again) << errorOf(again);
    EXPECT_EQ(*again->archive, kArchive);
}

TEST(ChartRepository, BelievesAnIndexForThreeMinutes)
{
    Net net;
    net.files = {{"https://charts.test/index.yaml", kIndex}, {"https://charts.test/web-1.4.0.tgz", kArchive}};
    const ports::ArtifactsPtr artifacts = net.artifacts();
    const ChartReference wanted{"https://charts.test", "web", "1.x", false};
    for (int i = 0; i < 2; ++i)
        ASSERT_TRUE(async::waitFor(artifacts->chart(wanted, std::nullopt, {})));
    EXPECT_EQ(net.http->countOf("https://charts.test/index.yaml"), 1);
    net.clock->time += 200'000;
    ASSERT_TRUE(async::waitFor(artifacts->chart(wanted, std::nullopt, {})));
    EXPECT_EQ(net.http->countOf("https://charts.test/index.yaml"), 2);
    EXPECT_EQ(net.http->countOf("https://charts.test/web-1.4.0.tgz"), 1);
}

TEST(ChartRepository, SendsCredentialsToItsOwnServerOnly)
{
    Net net;
    const std::string index =
        "apiVersion: v1\nentries: {web: [{name: web, version: 1.4.0, urls: ['https://cdn.test/web.tgz']}]}\n";
    net.files = {{"https://charts.test/index.yaml", index}, {"https://cdn.test/web.tgz", kArchive}};
    ports::RepositoryAccess access = userAndPassword();
    ASSERT_TRUE(net.chart({"https://charts.test", "web", "1.x", false}, access));
    EXPECT_EQ(header(net.http->requests.at(0), "Authorization"), fetch::basicAuthorization("u", "p"));
    EXPECT_EQ(header(net.http->requests.at(1), "Authorization"), "");
    access.passesCredentials = true;
    ASSERT_TRUE(net.chart({"https://charts.test", "web", "", false}, access));
    EXPECT_EQ(header(net.http->requests.back(), "Authorization"), fetch::basicAuthorization("u", "p"));
}

TEST(ChartRepository, NamesAddressAndChartInErrors)
{
    Net net;
    const ChartReference wanted{"https://charts.test", "web", "^1", false};
    EXPECT_EQ(errorOf(net.chart(wanted)),
              "chart 'web' ^1 of https://charts.test: https://charts.test/index.yaml: HTTP status 404 (not found)");
    net.files["https://charts.test/index.yaml"] = "<html>";
    EXPECT_TRUE(errorOf(net.chart(wanted))
                    .starts_with("chart 'web' ^1 of https://charts.test: https://charts.test/index.yaml: "));
    net.files["https://charts.test/index.yaml"] = "apiVersion: v1\nentries: {}";
    EXPECT_EQ(errorOf(net.chart(wanted)), "chart 'web' ^1 of https://charts.test: https://charts.test: chart \"web\" "
                                          "version \"^1\" not found in the repository");
    net.files["https://charts.test/index.yaml"] = kIndex;
    net.files["https://charts.test/web-1.4.0.tgz"] = "something else";
    EXPECT_EQ(errorOf(net.chart(wanted)),
              "chart 'web' ^1 of https://charts.test: https://charts.test/web-1.4.0.tgz has digest "
                  + fetch::digestOf("something else") + ", but the index says " + fetch::digestOf(kArchive));
    net.files["https://charts.test/index.yaml"] =
        "apiVersion: v1\nentries: {web: [{name: web, version: 1.4.0, urls: [web-1.4.0.tgz]}]}";
    EXPECT_TRUE(errorOf(net.chart(wanted)).starts_with("chart 'web' ^1 of https://charts.test is no chart archive: "));
    net.http->respond = [](const HttpRequest &) -> Expected<HttpAnswer> { return answer(401); };
    const auto refused = net.chart(wanted);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), ErrorCode::Unauthorized);
}

TEST(ChartRepository, RefusesArchivesThatLeaveTheirFolder)
{
    Net net;
    const std::string evil =
        tests::gzipOf(tests::tarOf({{"web/Chart.yaml", "name: web\nversion: 1.4.0\n"}, {"web/../../evil", "x"}}));
    net.files = {{"https://charts.test/index.yaml",
                  "apiVersion: v1\nentries: {web: [{name: web, version: 1.4.0, urls: [a.tgz]}]}"},
                 {"https://charts.test/a.tgz", evil}};
    EXPECT_EQ(errorOf(net.chart({"https://charts.test", "web", "", false})),
              "chart 'web' of https://charts.test is no chart archive: chart illegally references parent directory");
}

TEST(Registry, AsksForATokenAndFindsTheTag)
{
    Net net;
    net.http->respond = TokenRegistry{};
    const auto chart = net.chart({"oci://registry.test/charts", "web", "^1", false}, userAndPassword());
    ASSERT_TRUE(chart) << errorOf(chart);
    EXPECT_EQ(chart->version, "1.4.0+b2");
    EXPECT_EQ(*chart->archive, kArchive);
    for (const HttpRequest &request : net.http->requests) {
        const bool isOfRegistry = request.url.starts_with("https://registry.test/");
        EXPECT_FALSE(isOfRegistry && header(request, "Authorization").starts_with("Basic")) << request.url;
    }
}

TEST(Registry, SaysWhatIsWrong)
{
    Net net;
    const ChartReference wanted{"oci://registry.test/charts", "web", "1.4.0+b2", false};
    net.http->respond = TokenRegistry{};
    ports::RepositoryAccess wrong = userAndPassword();
    wrong.password = "no";
    EXPECT_EQ(errorOf(net.chart(wanted, wrong)),
              "chart 'web' 1.4.0+b2 of oci://registry.test/charts: "
              "https://registry.test/v2/charts/web/manifests/1.4.0_b2: token: "
              "https://auth.test/token: HTTP status 401 (unauthorized: credentials are wanted, or these are wrong)");
    TokenRegistry image;
    image.config = "application/vnd.oci.image.config.v1+json";
    net.http->respond = image;
    EXPECT_EQ(errorOf(net.chart(wanted, userAndPassword())),
              "chart 'web' 1.4.0+b2 of oci://registry.test/charts: oci://registry.test/charts/web:1.4.0_b2 is no "
              "chart: config of type "
              "'application/vnd.oci.image.config.v1+json'");
    TokenRegistry damaged;
    damaged.layer = "cut";
    net.http->respond = damaged;
    EXPECT_EQ(errorOf(net.chart(wanted, userAndPassword())),
              "chart 'web' 1.4.0+b2 of oci://registry.test/charts: layer of registry.test/charts/web@"
                  + damaged.layerDigest + " came with digest " + fetch::digestOf("cut") + " and 3 bytes");
    net.http->respond = [](const HttpRequest &) -> Expected<HttpAnswer> {
        return answer(401, "", {{"www-authenticate", R"(Bearer realm="http://evil.test/token")"}});
    };
    EXPECT_EQ(errorOf(net.chart(wanted, userAndPassword())),
              "chart 'web' 1.4.0+b2 of oci://registry.test/charts: "
              "https://registry.test/v2/charts/web/manifests/1.4.0_b2: the registry's realm "
              "http://evil.test/token is not reached by https");
}

TEST(Artifact, IsTheFilesOfItsOnlyLayer)
{
    Net net;
    const std::string layer = tests::gzipOf(tests::tarOf({{"app/a.yaml", "kind: A\n"}}));
    const std::string manifest =
        R"({"config":{"mediaType":"x"},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+gzip","digest":")"
        + fetch::digestOf(layer) + R"(","size":9}]})";
    net.files = {{"https://registry.test/v2/apps/manifests/1.0.0", manifest},
                 {"https://registry.test/v2/apps/blobs/" + fetch::digestOf(layer), layer},
                 {"https://registry.test/v2/apps/tags/list?n=1000", R"({"tags":["0.9.0","1.0.0","1.1.0-rc.1"]})"}};
    for (const std::string revision : {"1.0.0", "1.x"}) {
        const auto artifact = async::waitFor(
            net.artifacts()->artifact({"oci://registry.test/apps", revision}, ports::RepositoryAccess{}, {}));
        ASSERT_TRUE(artifact) << artifact.error().text();
        EXPECT_EQ(artifact->digest, fetch::digestOf(manifest));
        EXPECT_EQ(artifact->files->read("app/a.yaml")->text, "kind: A\n");
    }
}
