// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/kubeconfig_watcher.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <gtest/gtest.h>

using namespace tiphys::kube;

namespace {

void write(const QString &path, const char *text)
{
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

TEST(KubeConfigWatcher, NoticesNewChangedAndReplacedFiles)
{
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("config"));
    std::vector<std::string> seen;
    const KubeConfigWatcher watcher({path.toStdString()},
                                    [&](const KubeConfig &config) { seen.push_back(config.currentContext); });
    EXPECT_EQ(watcher.current().currentContext, "");
    write(path, "current-context: one\n");
    EXPECT_TRUE(QTest::qWaitFor([&] { return !seen.empty() && seen.back() == "one"; }));
    write(path, "current-context: two\n");
    EXPECT_TRUE(QTest::qWaitFor([&] { return !seen.empty() && seen.back() == "two"; }));
    write(folder.filePath(QStringLiteral("new")), "current-context: three\n");
    QFile::remove(path);
    QFile::rename(folder.filePath(QStringLiteral("new")), path);
    EXPECT_TRUE(QTest::qWaitFor([&] { return !seen.empty() && seen.back() == "three"; }));
    write(path, "current-context: [\n");
    EXPECT_TRUE(QTest::qWaitFor([&] { return watcher.current().problems.size() == 1; }));
}

TEST(KubeConfigWatcher, AFileThatIsBeingWrittenTakesNoContextAway)
{
    constexpr const char *kWhole = "contexts: [{name: one, context: {cluster: c}}]\ncurrent-context: one\n";
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("config"));
    write(path, kWhole);
    int changes = 0;
    const KubeConfigWatcher watcher({path.toStdString()}, [&](const KubeConfig &) { ++changes; });
    ASSERT_EQ(watcher.current().contexts.size(), 1u);
    write(path, "");
    QTest::qWait(400);
    EXPECT_EQ(watcher.current().contexts.size(), 1u);
    write(path, kWhole);
    QTest::qWait(1500);
    EXPECT_EQ(changes, 0);
    write(path, "contexts: []\n");
    EXPECT_TRUE(QTest::qWaitFor([&] { return watcher.current().contexts.empty(); })) << "what stays so is meant so";
    EXPECT_EQ(changes, 1);
}
