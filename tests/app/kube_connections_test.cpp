// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/kube_connections.h"

#include "ports/system_clock.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include <gtest/gtest.h>

using namespace tiphys;

namespace {

void write(const QString &path, const char *text)
{
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

TEST(KubeConnections, TellsWhenItsFilesChangeAndWhichOthersItReads)
{
    const QTemporaryDir folder;
    const QString first = folder.filePath(QStringLiteral("first"));
    const QString second = folder.filePath(QStringLiteral("second"));
    write(first, "current-context: one\n");
    write(second, "current-context: two\n");
    QThreadPool pool;
    const ports::ConnectionsPtr connections =
        compose::kubeConnections(first.toStdString(), {}, {}, &pool, std::make_shared<ports::SystemClock>());
    int changes = 0;
    connections->setOnChange([&changes] { ++changes; });
    EXPECT_EQ(connections->facts().currentContext, "one");

    write(first, "current-context: other\n");
    EXPECT_TRUE(QTest::qWaitFor([&] { return changes > 0 && connections->facts().currentContext == "other"; }));

    connections->useFiles({second.toStdString()});
    EXPECT_EQ(connections->facts().currentContext, "two");
    EXPECT_EQ(connections->facts().files, std::vector<std::string>{second.toStdString()});
    write(second, "current-context: [\n");
    EXPECT_TRUE(QTest::qWaitFor([&] { return connections->facts().problems.size() == 1; }));
}

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
