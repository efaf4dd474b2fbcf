// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/wait_for.h"
#include "engine/kube/http_server.h"
#include "kube/connect.h"
#include "ports/system_clock.h"

#include <QThreadPool>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace tiphys::kube::test {

inline const ports::ResourceType kConfigMaps{"", "v1", "configmaps", "ConfigMap", true};

inline std::string configMap(const std::string &ns, const std::string &name, const std::string &version)
{
    return R"({"metadata":{"namespace":")" + ns + R"(","name":")" + name + R"(","resourceVersion":")" + version
           + R"("}})";
}

inline std::string event(const std::string &type, const std::string &object)
{
    return R"({"type":")" + type + R"(","object":)" + object + "}\n";
}

inline std::string status(int code, const std::string &reason, const std::string &message)
{
    return R"({"kind":"Status","apiVersion":"v1","status":"Failure","code":)" + std::to_string(code) + R"(,"reason":")"
           + reason + R"(","message":")" + message + R"("})";
}

/// A cluster on a scripted server; times are short, so that tests never wait for real ones.
class OnHttpServer : public testing::Test
{
protected:
    static ConnectOptions options(QThreadPool *pool)
    {
        ConnectOptions options{.pool = pool, .clock = std::make_shared<ports::SystemClock>()};
        options.second = std::chrono::milliseconds(1);
        options.environment = [](const std::string &) { return std::string(); };
        return options;
    }

    ports::ClusterPtr cluster(HttpServer::Handler handler, UserEntry user = {})
    {
        m_server = std::make_unique<HttpServer>(std::move(handler));
        Target target{.context = "test",
                      .cluster = {.name = "c", .server = m_server->url()},
                      .user = std::move(user),
                      .ns = "shop"};
        return connect(std::move(target), options(&m_pool)).value();
    }

    QThreadPool m_pool;
    std::unique_ptr<HttpServer> m_server;
};

} // namespace tiphys::kube::test
