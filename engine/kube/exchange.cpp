// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/exchange.h"

#include "base/text.h"

#include <QNetworkAccessManager>
#include <QSslError>

#include <algorithm>
#include <cstring>

namespace tiphys::kube {

namespace {

/// A body that can be read once: Qt would send a request again, unasked, when a connection closes before the answer.
class OnceReadable final : public QIODevice
{
public:
    explicit OnceReadable(std::string bytes) : m_bytes(std::move(bytes))
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
    }
    bool isSequential() const override { return true; }
    bool reset() override { return false; }
    bool atEnd() const override { return m_read == m_bytes.size(); }
    qint64 bytesAvailable() const override { return static_cast<qint64>(m_bytes.size() - m_read); }

protected:
    qint64 readData(char *target, qint64 max) override
    {
        const std::size_t count = std::min(static_cast<std::size_t>(max), m_bytes.size() - m_read);
        if (count == 0 && max > 0)
            return -1;
        std::memcpy(target, m_bytes.data() + m_read, count);
        m_read += count;
        return static_cast<qint64>(count);
    }
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    std::string m_bytes;
    std::size_t m_read = 0;
};

std::string textOf(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

bool isBeforeSending(QNetworkReply::NetworkError error)
{
    switch (error) {
    case QNetworkReply::ConnectionRefusedError:
    case QNetworkReply::HostNotFoundError:
    case QNetworkReply::SslHandshakeFailedError:
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyAuthenticationRequiredError: return true;
    default: return false;
    }
}

std::string serverOf(const QNetworkReply &reply)
{
    return reply.url().adjusted(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveUserInfo).toString().toStdString();
}

} // namespace

std::vector<std::string> warningTexts(std::string_view header)
{
    std::vector<std::string> texts;
    while (true) {
        // code agent "text", …
        const std::size_t open = header.find('"');
        if (open == std::string_view::npos)
            return texts;
        std::string text;
        std::size_t i = open + 1;
        for (; i < header.size() && header[i] != '"'; ++i) {
            if (header[i] == '\\' && i + 1 < header.size())
                ++i;
            text += header[i];
        }
        texts.push_back(std::move(text));
        header.remove_prefix(std::min(i + 1, header.size()));
    }
}

Exchange::Exchange(HttpRequest request, ExchangeLimits limits, CancelToken cancel)
    : m_request(std::move(request)), m_limits(limits)
{
    m_startTimer.setSingleShot(true);
    connect(&m_startTimer, &QTimer::timeout, this, [this] {
        m_isLate = true;
        abort(Error(ErrorCode::Unavailable,
                    m_request.what + ": the request to " + (m_reply ? serverOf(*m_reply) : std::string("the server"))
                        + " did not start within " + std::to_string(m_limits.start.count() / 1000) + " s",
                    std::string(kNotSent)));
    });
    m_cancel = cancel.onCancel([this] { abort(async::cancelledError()); });
}

Exchange::~Exchange()
{
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
}

void Exchange::start(QNetworkAccessManager &manager, QNetworkRequest prepared)
{
    if (m_aborted) {
        m_head.fail(*m_aborted);
        m_done.fail(*m_aborted);
        return;
    }
    for (const auto &[name, value] : m_request.headers)
        prepared.setRawHeader(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
    prepared.setTransferTimeout(m_request.silence.count() > 0 ? m_request.silence : m_limits.silence);
    if (m_request.method == "GET") {
        m_reply = manager.get(prepared);
    } else {
        prepared.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
        prepared.setHeader(QNetworkRequest::ContentLengthHeader, static_cast<qint64>(m_request.body.size()));
        QIODevice *const upload = new OnceReadable(m_request.body);
        m_reply = manager.sendCustomRequest(prepared, QByteArray::fromStdString(m_request.method), upload);
        upload->setParent(m_reply);
    }
    connect(m_reply, &QNetworkReply::requestSent, this, [this] {
        m_isSent = true;
        m_startTimer.stop();
    });
    connect(m_reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError> &errors) {
        for (const QSslError &error : errors)
            m_tlsErrors += (m_tlsErrors.empty() ? "" : "; ") + error.errorString().toStdString();
    });
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &Exchange::onHead);
    connect(m_reply, &QNetworkReply::readyRead, this, &Exchange::onReadable);
    connect(m_reply, &QNetworkReply::finished, this, &Exchange::onFinished);
    m_startTimer.start(m_limits.start);
}

void Exchange::onHead()
{
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status < 200)
        return;
    m_isSent = true;
    m_isAnswered = true;
    m_heardAt = std::chrono::steady_clock::now();
    m_startTimer.stop();
    HttpHead head{.status = status,
                  .contentType = textOf(m_reply->rawHeader("Content-Type")),
                  .location = textOf(m_reply->rawHeader("Location"))};
    bool isNumber = false;
    const int seconds = m_reply->rawHeader("Retry-After").toInt(&isNumber);
    if (isNumber && seconds >= 0)
        head.retryAfterSeconds = seconds;
    for (const auto &[name, value] : m_reply->rawHeaderPairs()) {
        if (name.compare("Warning", Qt::CaseInsensitive) != 0)
            continue;
        for (std::string &text : warningTexts(textOf(value)))
            head.warnings.push_back(std::move(text));
    }
    m_head.set(std::move(head));
}

void Exchange::onReadable()
{
    if (!m_reply->isOpen())
        return;
    m_heardAt = std::chrono::steady_clock::now();
    const QByteArray bytes = m_reply->readAll();
    m_buffer.append(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    m_total += static_cast<std::size_t>(bytes.size());
    if (m_buffer.size() > m_limits.bytes) {
        abort(Error(ErrorCode::LimitExceeded,
                    m_request.what + ": the answer exceeds " + std::to_string(m_limits.bytes >> 20) + " MiB"));
        return;
    }
    m_readable.notify();
}

void Exchange::onFinished()
{
    m_startTimer.stop();
    if (!m_aborted)
        onReadable();
    onHead();
    if (const std::optional<Error> error = failureOf()) {
        m_head.fail(*error);
        m_done.fail(*error);
    } else {
        m_done.set({});
    }
    m_readable.notify();
}

Error Exchange::lost(ErrorCode code, std::string message) const
{
    const bool isOpen = m_request.effect == Effect::Write && m_isSent;
    if (isOpen)
        return {ErrorCode::Unknown, m_request.what + ": sent, but the answer was lost: " + message};
    return {code, m_request.what + ": " + message};
}

bool Exchange::wasTurnedAway() const
{
    return !m_isSent && !m_head.isSet() && m_reply->error() == QNetworkReply::ProtocolUnknownError;
}

bool Exchange::hasTimedOut() const
{
    return m_isLate || (m_reply && !m_aborted && m_reply->error() == QNetworkReply::OperationCanceledError);
}

bool Exchange::isConnectionSpent() const
{
    return hasTimedOut() || (m_reply && !m_aborted && wasTurnedAway());
}

std::optional<Error> Exchange::failureOf() const
{
    if (m_aborted) {
        // Qt sends in a thread of its own: the news that it has may still be on their way.
        const bool mayBeSent = m_isSent || m_aborted->reason() != kNotSent;
        if (m_request.effect == Effect::Write && mayBeSent)
            return Error(ErrorCode::Unknown,
                         m_request.what + ": sent, but the answer was not waited for: " + m_aborted->message());
        return m_aborted;
    }
    const QNetworkReply::NetworkError error = m_reply->error();
    const bool hasAnswer = m_head.isSet();
    // What Qt calls an invalid operation is an answer too: status 400.
    const bool isOfContent = (error >= 200 && error < 300 && error != QNetworkReply::ContentReSendError)
                             || error == QNetworkReply::ProtocolInvalidOperationError;
    if (error == QNetworkReply::NoError || (hasAnswer && (isOfContent || error >= 400)))
        return hasAnswer
                   ? std::nullopt
                   : std::optional(lost(ErrorCode::Unavailable, "the server closed the connection without an answer"));
    const std::string trouble = m_proxyTrouble ? m_proxyTrouble() : std::string();
    if (!trouble.empty() && isBeforeSending(error))
        return Error(ErrorCode::Unavailable, m_request.what + ": " + trouble, std::string(kNotSent));
    const std::string text = m_reply->errorString().toStdString();
    if (error == QNetworkReply::SslHandshakeFailedError)
        return Error(ErrorCode::Unavailable,
                     m_request.what + ": TLS to " + serverOf(*m_reply) + ": "
                         + (m_tlsErrors.empty() ? text : m_tlsErrors),
                     std::string(kNotSent));
    if (isBeforeSending(error) || wasTurnedAway())
        return Error(ErrorCode::Unavailable, m_request.what + ": " + serverOf(*m_reply) + ": " + text,
                     std::string(wasTurnedAway() ? kTurnedAway : kNotSent));
    // The transfer time-out of Qt cancels.
    if (error == QNetworkReply::OperationCanceledError)
        return lost(ErrorCode::Timeout, "the server was silent for too long");
    if (error == QNetworkReply::ContentReSendError)
        return lost(ErrorCode::Unavailable, "the server closed the connection");
    return lost(ErrorCode::Unavailable, text);
}

Async<std::optional<std::string>> Exchange::read()
{
    while (m_buffer.empty() && !m_done.isSet()) {
        const Expected<void> woken = co_await m_readable.wait({});
        ignoreError(woken, "without a token it cannot be cancelled; cancelling ends the reply");
    }
    if (!m_buffer.empty())
        co_return std::optional(takeBody());
    const Expected<void> ended = co_await m_done;
    if (!ended)
        co_return std::unexpected(ended.error());
    co_return std::nullopt;
}

void Exchange::abort(Error error)
{
    if (m_aborted || m_done.isSet())
        return;
    m_aborted = std::move(error);
    if (m_reply)
        m_reply->abort(); // emits finished()
}

} // namespace tiphys::kube
