// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/git_repositories.h"

#include "async/wait_for.h"
#include "ports/system_clock.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

#include <gtest/gtest.h>

using namespace tiphys;

TEST(GitRepositories, LetGoOfASilentServerWhenCancelled)
{
    QTcpServer silent;
    ASSERT_TRUE(silent.listen(QHostAddress::LocalHost));
    const std::string url = "http://127.0.0.1:" + std::to_string(silent.serverPort()) + "/app.git";
    const QTemporaryDir folder;
    QThreadPool pool;
    const ports::RepositoriesPtr repositories = compose::gitRepositories(
        folder.path().toStdString(), [](const auto &...) { return false; }, &pool,
        std::make_shared<ports::SystemClock>());
    CancelSource source;
    Async<std::string> resolving =
        repositories->resolve({url, "main", {}}, ports::Consistency::MostRecent, source.token());
    ASSERT_TRUE(QTest::qWaitFor([&] { return silent.hasPendingConnections(); }));
    EXPECT_FALSE(resolving.isReady());
    QElapsedTimer timer;
    timer.start();
    source.cancel();
    const Expected<std::string> revision = async::waitFor(std::move(resolving));
    ASSERT_FALSE(revision);
    EXPECT_EQ(revision.error().code(), ErrorCode::Cancelled);
    EXPECT_LT(timer.elapsed(), 30'000);
    pool.waitForDone();
}

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
