// SPDX-License-Identifier: GPL-3.0-or-later
#include "async/mailbox.h"

#include <QEventLoop>
#include <QTest>
#include <QThread>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <thread>
#include <vector>

using namespace tiphys::async;

TEST(Mailbox, DeliversInOrderInItsOwnThread)
{
    std::vector<int> got;
    const QThread *here = QThread::currentThread();
    bool isHere = true;
    Mailbox<int> mailbox([&](int message) {
        isHere = isHere && QThread::currentThread() == here;
        got.push_back(message);
    });
    std::thread sender([address = mailbox.address()] {
        for (int i = 0; i < 1000; ++i)
            address.post(i);
    });
    sender.join();
    EXPECT_TRUE(got.empty());
    EXPECT_TRUE(QTest::qWaitFor([&] { return got.size() == 1000; }));
    EXPECT_TRUE(isHere);
    for (int i = 0; i < 1000; ++i)
        ASSERT_EQ(got[static_cast<std::size_t>(i)], i);
}

TEST(Mailbox, DropsWhatComesAfterItsEnd)
{
    std::optional<Mailbox<int>> mailbox(std::in_place, [](int) { FAIL() << "delivered after the end"; });
    const Mailbox<int>::Address address = mailbox->address();
    EXPECT_TRUE(address.post(1));
    mailbox.reset();
    EXPECT_FALSE(address.post(2));
    QCoreApplication::processEvents();
}

TEST(Mailbox, AMessageMayEndIt)
{
    int calls = 0;
    std::optional<Mailbox<int>> mailbox;
    mailbox.emplace([&](int) {
        ++calls;
        mailbox.reset();
    });
    mailbox->address().post(1);
    mailbox->address().post(2);
    QCoreApplication::processEvents();
    EXPECT_EQ(calls, 1);
}

TEST(Mailbox, GoesOnInsideOfANestedEventLoop)
{
    std::vector<int> got;
    QEventLoop nested;
    Mailbox<int> mailbox([&](int message) {
        got.push_back(message);
        if (message == 1)
            nested.exec();
        if (message == 3)
            nested.quit();
    });
    for (const int message : {1, 2, 3})
        mailbox.address().post(message);
    QCoreApplication::processEvents();
    EXPECT_EQ(got, (std::vector<int>{1, 2, 3}));
}

TEST(Mailbox, TakesMessagesThatCannotBeCopied)
{
    int got = 0;
    Mailbox<std::unique_ptr<int>> mailbox([&](std::unique_ptr<int> message) { got = *message; });
    mailbox.address().post(std::make_unique<int>(5));
    QCoreApplication::processEvents();
    EXPECT_EQ(got, 5);
}
