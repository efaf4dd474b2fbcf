// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QObject>
#include <QTcpServer>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

class QTcpSocket;

namespace tiphys::serve {

/// What is sent for a path.
struct Page
{
    std::string type; ///< Content-Type
    std::string body;
};

/// Shows pages to this machine: answers HTTP GET on 127.0.0.1, one request a connection. Everything else is refused.
/// Belongs to one thread.
class PageServer final : public QObject
{
public:
    /// \p pageOf gives the page of a path (without its query), nothing for one that is not there.
    explicit PageServer(std::function<std::optional<Page>(std::string_view path)> pageOf);
    ~PageServer() override;

    /// Listens on \p port, 0 for a free one. Errors: Unavailable if the port is taken.
    Expected<void> listen(std::uint16_t port);
    std::uint16_t port() const { return m_listener.serverPort(); }

private:
    void accept();
    void read(QTcpSocket *socket);
    std::string answerTo(std::string_view requestLine) const;

    std::function<std::optional<Page>(std::string_view)> m_pageOf;
    QTcpServer m_listener;
};

} // namespace tiphys::serve
