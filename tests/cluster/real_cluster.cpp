// SPDX-License-Identifier: GPL-3.0-or-later
#include "cluster/real_cluster.h"

#include <QProcess>

#include <cstdio>

namespace tiphys::cluster_test {

namespace {

constexpr int kToolsMissing = 3;
constexpr int kMinutes = 3 * 60'000;

} // namespace

RealCluster::RealCluster() = default;

RealCluster::~RealCluster()
{
    if (m_isUp)
        dev({QStringLiteral("down")});
}

int RealCluster::dev(const QStringList &arguments)
{
    QProcess process;
    QStringList all{QStringLiteral("cluster"), QStringLiteral("--dir"), m_folder.filePath(QStringLiteral("cluster")),
                    QStringLiteral("--only-api")};
    all += arguments;
    process.setProcessChannelMode(QProcess::MergedChannels);
    // What the cluster leaves running must not keep this pipe open.
    process.setStandardOutputFile(m_folder.filePath(QStringLiteral("dev.log")), QIODevice::Append);
    process.start(QStringLiteral(TIPHYS_SOURCE_DIR "/dev"), all);
    if (!process.waitForFinished(kMinutes))
        return -1;
    return process.exitCode();
}

bool RealCluster::start()
{
    const int code = dev({QStringLiteral("up")});
    if (code == kToolsMissing) {
        m_reason = "the real API server is not built: run ./dev oracles";
        return false;
    }
    m_isUp = true;
    if (code != 0) {
        std::fprintf(
            stderr, "the cluster did not start:\n%s",
            kube::readWholeFile(m_folder.filePath(QStringLiteral("dev.log")).toStdString()).value_or("").c_str());
        std::exit(1);
    }
    return true;
}

bool RealCluster::run(const QStringList &arguments)
{
    return dev(arguments) == 0;
}

kube::Target RealCluster::target(const std::string &identity)
{
    const std::string path = m_folder.path().toStdString() + "/cluster/kubeconfig/" + identity + ".yaml";
    return kube::targetOf(kube::loadKubeConfig({path}, kube::readWholeFile), "").value();
}

} // namespace tiphys::cluster_test
