// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/chart_repository.h"

#include "async/run_on.h"
#include "fetch/exchange.h"
#include "render/helm/chart_archive.h"

namespace tiphys::fetch {

using ports::HttpAnswer;
using ports::HttpRequest;

namespace {

constexpr std::size_t kIndexLimit = std::size_t(128) << 20;
constexpr std::chrono::minutes kTimeout{2};

Expected<ChartIndexPtr> readIndex(const std::string &text)
{
    Expected<render::ChartIndex> index = render::ChartIndex::parse(text);
    if (!index)
        return std::unexpected(index.error());
    return std::make_shared<const render::ChartIndex>(std::move(*index));
}

} // namespace

void ChartRepository::authorize(HttpRequest &request) const
{
    if (!m_access.passesCredentials && !isSameServer(request.url, m_url)) {
        request.security.certificatePem.clear();
        request.security.keyPem.clear();
        return;
    }
    if (!m_access.bearerToken.empty())
        request.headers.emplace_back("Authorization", "Bearer " + m_access.bearerToken);
    else if (!m_access.username.empty() || !m_access.password.empty())
        request.headers.emplace_back("Authorization", basicAuthorization(m_access.username, m_access.password));
}

Async<ChartIndexPtr> ChartRepository::index(CancelToken cancel) const
{
    const std::string url = render::indexUrlOf(m_url);
    const ports::HttpPtr http = m_http;
    QThreadPool *pool = m_pool;
    HttpRequest request{.url = url, .security = m_access.security, .timeout = kTimeout, .limitBytes = kIndexLimit};
    authorize(request);
    const Expected<HttpAnswer> answer = co_await got(http, std::move(request), cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    const auto text = std::make_shared<const std::string>(answer->body);
    Expected<ChartIndexPtr> index = failure(ErrorCode::Internal, "");
    if (pool)
        index = co_await async::runOn(pool, [text] { return readIndex(*text); });
    else
        index = readIndex(*text);
    if (!index)
        co_return std::unexpected(index.error().in(shownUrl(url)));
    co_return index;
}

Async<std::string> ChartRepository::archive(render::ChartVersion version, CancelToken cancel) const
{
    const std::string url = render::resolvedChartUrl(m_url, version.urls.front());
    const ports::HttpPtr http = m_http;
    HttpRequest request{.url = url,
                        .headers = {{"Accept", "application/gzip,application/octet-stream"}},
                        .security = m_access.security,
                        .timeout = kTimeout,
                        .limitBytes = render::kChartLimit};
    authorize(request);
    const Expected<HttpAnswer> answer = co_await got(http, std::move(request), cancel);
    if (!answer)
        co_return std::unexpected(answer.error());
    const std::string digest = digestOf(answer->body);
    if (!version.digest.empty() && digest != "sha256:" + version.digest)
        co_return failure(ErrorCode::InvalidInput,
                          shownUrl(url) + " has digest " + digest + ", but the index says sha256:" + version.digest);
    co_return answer->body;
}

} // namespace tiphys::fetch
