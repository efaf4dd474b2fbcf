// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/exchange.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QUrl>

namespace tiphys::fetch {

namespace {

int portOf(const QUrl &url)
{
    return url.port(url.scheme() == u"https" ? 443 : 80);
}

} // namespace

std::string basicAuthorization(const std::string &username, const std::string &password)
{
    return "Basic " + QByteArray::fromStdString(username + ":" + password).toBase64().toStdString();
}

std::string digestOf(std::string_view bytes)
{
    const QByteArray hash = QCryptographicHash::hash(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())),
                                                     QCryptographicHash::Sha256);
    return "sha256:" + hash.toHex().toStdString();
}

bool isSameServer(const std::string &left, const std::string &right)
{
    const QUrl a(QString::fromStdString(left));
    const QUrl b(QString::fromStdString(right));
    return a.scheme() == b.scheme() && a.host() == b.host() && portOf(a) == portOf(b);
}

std::string shownUrl(const std::string &url)
{
    return QUrl(QString::fromStdString(url))
        .toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment)
        .toStdString();
}

Error statusError(int status, const std::string &url)
{
    const std::string text = shownUrl(url) + ": HTTP status " + std::to_string(status);
    switch (status) {
    case 401: return {ErrorCode::Unauthorized, text + " (unauthorized: credentials are wanted, or these are wrong)"};
    case 403: return {ErrorCode::Denied, text + " (forbidden)"};
    case 404:
    case 410: return {ErrorCode::NotFound, text + " (not found)"};
    default: return {status >= 500 || status == 429 ? ErrorCode::Unavailable : ErrorCode::InvalidInput, text};
    }
}

Async<ports::HttpAnswer> got(ports::HttpPtr http, ports::HttpRequest request, CancelToken cancel)
{
    const std::string url = request.url;
    const Expected<ports::HttpAnswer> answer = co_await http->send(std::move(request), cancel);
    if (!answer)
        co_return std::unexpected(answer.error().in(shownUrl(url)));
    if (answer->status != 200)
        co_return std::unexpected(statusError(answer->status, url));
    co_return answer;
}

} // namespace tiphys::fetch
