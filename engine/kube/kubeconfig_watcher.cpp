// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/kubeconfig_watcher.h"

#include "kube/credential_source.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <chrono>
#include <utility>

namespace tiphys::kube {

namespace {

constexpr std::chrono::milliseconds kSettle{100};
constexpr std::chrono::milliseconds kDoubt{1000};

/// True if \p next lacks a context of \p before, or has a problem that this did not have.
bool isPoorer(const KubeConfig &next, const KubeConfig &before)
{
    return next.problems.size() > before.problems.size()
           || !std::ranges::all_of(before.contexts,
                                   [&](const ContextEntry &context) { return next.context(context.name); });
}

} // namespace

KubeConfigWatcher::KubeConfigWatcher(std::vector<std::string> paths, std::function<void(const KubeConfig &)> onChange)
    : m_paths(std::move(paths)), m_onChange(std::move(onChange)), m_current(loadKubeConfig(m_paths, readWholeFile))
{
    m_settle.setSingleShot(true);
    connect(&m_settle, &QTimer::timeout, this, &KubeConfigWatcher::reload);
    const auto noteChange = [this] {
        m_isDoubted = false;
        m_settle.start(kSettle);
    };
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, noteChange);
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, noteChange);
    watch();
}

void KubeConfigWatcher::watch()
{
    // A file that is replaced is a new one, and its folder tells; so both are watched.
    for (const std::string &path : m_paths) {
        const QFileInfo file(QString::fromStdString(path));
        if (file.exists() && !m_watcher.files().contains(file.absoluteFilePath()))
            m_watcher.addPath(file.absoluteFilePath());
        if (file.dir().exists() && !m_watcher.directories().contains(file.absolutePath()))
            m_watcher.addPath(file.absolutePath());
    }
}

void KubeConfigWatcher::reload()
{
    watch();
    KubeConfig next = loadKubeConfig(m_paths, readWholeFile);
    if (next == m_current)
        return;
    if (isPoorer(next, m_current) && !std::exchange(m_isDoubted, true)) {
        m_settle.start(kDoubt);
        return;
    }
    m_isDoubted = false;
    m_current = std::move(next);
    m_onChange(m_current);
}

} // namespace tiphys::kube
