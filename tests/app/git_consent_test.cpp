// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/handed_over.h"
#include "gui/git_consent.h"

#include <QAbstractButton>
#include <QApplication>
#include <QFuture>
#include <QMessageBox>
#include <QPromise>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>

using namespace tiphys;
using namespace Qt::StringLiterals;

namespace {

QList<QMessageBox *> questions()
{
    QList<QMessageBox *> open;
    for (QWidget *widget : QApplication::topLevelWidgets()) {
        auto *box = qobject_cast<QMessageBox *>(widget);
        if (box && box->isVisible())
            open << box;
    }
    return open;
}

/// Clicks the button of the only question that says \p text.
void answerWith(const QString &text)
{
    QTRY_COMPARE(questions().size(), 1);
    for (QAbstractButton *button : questions().front()->buttons()) {
        if (button->text() == text) {
            button->click();
            QTRY_VERIFY(questions().isEmpty());
            return;
        }
    }
    QFAIL("no such button");
}

/// Asks in a thread of the pool, as repositories do.
QFuture<bool> asked(QThreadPool &pool, const git::CredentialConsent &consent, const std::string &url,
                    std::stop_token cancel = {})
{
    const auto promise = std::make_shared<QPromise<bool>>();
    promise->start();
    pool.start(HandedOver([promise, consent, url, cancel] {
        promise->addResult(consent(url, cancel));
        promise->finish();
    }));
    return promise->future();
}

} // namespace

class GitConsentTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        QCoreApplication::setOrganizationName(u"TiphysTest"_s);
        QCoreApplication::setApplicationName(u"consent"_s);
    }

    void init() { QSettings().clear(); }

    void oneQuestionAnswersAllRepositoriesOfAServer()
    {
        QThreadPool pool;
        pool.setMaxThreadCount(1);
        gui::GitConsent consent;
        const git::CredentialConsent mayAsk = consent.engineSide(&pool);
        QFuture<bool> first = asked(pool, mayAsk, "https://git.example.com/a.git");
        QFuture<bool> second = asked(pool, mayAsk, "https://git.example.com/b.git");
        // The pool's only thread waits, and others go on.
        bool hasRun = false;
        pool.start(HandedOver([&hasRun] { hasRun = true; }));
        answerWith(u"Ask Git"_s);
        QTRY_VERIFY(first.isFinished() && second.isFinished());
        QVERIFY(first.result());
        QVERIFY(second.result());
        QVERIFY(pool.waitForDone(5000));
        QVERIFY(hasRun);
    }

    void aYesIsRemembered()
    {
        QThreadPool pool;
        {
            gui::GitConsent consent;
            QFuture<bool> answer = asked(pool, consent.engineSide(&pool), "https://git.example.com:8443/a.git");
            answerWith(u"Ask Git"_s);
            QTRY_VERIFY(answer.isFinished());
        }
        gui::GitConsent later;
        QFuture<bool> known = asked(pool, later.engineSide(&pool), "https://git.example.com:8443/b.git");
        QTRY_VERIFY(known.isFinished());
        QVERIFY(known.result());
        QFuture<bool> otherPort = asked(pool, later.engineSide(&pool), "https://git.example.com/b.git");
        answerWith(u"Not Now"_s);
        QTRY_VERIFY(otherPort.isFinished());
        QVERIFY(!otherPort.result());
    }

    void aNoHoldsUntilTheEnd()
    {
        QThreadPool pool;
        gui::GitConsent consent;
        const git::CredentialConsent mayAsk = consent.engineSide(&pool);
        QFuture<bool> first = asked(pool, mayAsk, "https://git.example.com/a.git");
        answerWith(u"Not Now"_s);
        QTRY_VERIFY(first.isFinished());
        QVERIFY(!first.result());
        QFuture<bool> second = asked(pool, mayAsk, "https://git.example.com/b.git");
        QTRY_VERIFY(second.isFinished());
        QVERIFY(!second.result());
        QVERIFY(questions().isEmpty());
        QVERIFY(!QSettings().contains(u"gitCredentials/git.example.com"_s));
    }

    void whoeverGivesUpWaitsNoLonger()
    {
        QThreadPool pool;
        gui::GitConsent consent;
        const git::CredentialConsent mayAsk = consent.engineSide(&pool);
        std::stop_source stop;
        QFuture<bool> first = asked(pool, mayAsk, "https://git.example.com/a.git", stop.get_token());
        QTRY_COMPARE(questions().size(), 1);
        stop.request_stop();
        QTRY_VERIFY(first.isFinished());
        QVERIFY(!first.result());
        // The answer is for the next one.
        answerWith(u"Ask Git"_s);
        QFuture<bool> second = asked(pool, mayAsk, "https://git.example.com/b.git");
        QTRY_VERIFY(second.isFinished());
        QVERIFY(second.result());
    }

    void whoeverWaitsGetsANoAtTheEnd()
    {
        QThreadPool pool;
        QFuture<bool> answer;
        {
            gui::GitConsent consent;
            answer = asked(pool, consent.engineSide(&pool), "https://git.example.com/a.git");
            QTRY_COMPARE(questions().size(), 1);
            consent.close();
            QVERIFY(pool.waitForDone(5000));
        }
        QVERIFY(!answer.result());
        questions().front()->close();
    }

private:
    QTemporaryDir m_folder;
};

QTEST_MAIN(GitConsentTest)
#include "git_consent_test.moc"
