// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/start_page.h"

#include "models/cluster_list.h"
#include "models/text.h"
#include "ui/delegates/cluster_delegate.h"
#include "ui/settings.h"
#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/card_grid.h"
#include "ui/widgets/filter_field.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QFileDialog>
#include <QHeaderView>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

/// An icon of the program's own set in the accent colour.
class BigIcon final : public QWidget
{
public:
    BigIcon(QString name, QWidget *parent) : QWidget(parent), m_name(std::move(name))
    {
        setFixedSize(unit(this) * 9, unit(this) * 9);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QColor ink = statusColor(StatusColor::Progressing, palette());
        painter.setPen(Qt::NoPen);
        painter.setBrush(blended(ink, palette().color(QPalette::Base), 0.12));
        painter.drawRoundedRect(rect(), width() * 0.24, width() * 0.24);
        const double margin = width() * 0.22;
        paintIcon(painter, QRectF(rect()).adjusted(margin, margin, -margin, -margin), m_name, ink);
    }

private:
    QString m_name;
};

} // namespace

StartPage::StartPage(UiContext context, QWidget *parent)
    : Page(std::move(context), parent), m_stack(new QStackedWidget(this)), m_clusters(new models::ClusterList(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);
    auto *first = new QWidget(m_stack);
    auto *outer = new QVBoxLayout(first);
    const int u = unit(this);
    auto *title = new TextLabel(TextLabel::Rank::Title, tr("Welcome to Tiphys"), first);
    auto *text = new TextLabel(
        TextLabel::Rank::Body,
        tr("See what runs in your clusters, why it differs from Git, and what will happen before you act."), first);
    title->setAlignment(Qt::AlignCenter);
    text->setAlignment(Qt::AlignCenter);
    m_problem = new Banner(first);
    outer->addWidget(m_problem);
    outer->addStretch(2);
    outer->addWidget(title);
    outer->addWidget(text);
    outer->addSpacing(6 * u);
    m_cards = buildCards(first);
    outer->addWidget(m_cards, 0, Qt::AlignHCenter);
    outer->addStretch(3);
    // In a small window the cards are reached by scrolling.
    auto *scrolled = new QScrollArea(m_stack);
    scrolled->setFrameShape(QFrame::NoFrame);
    scrolled->setWidgetResizable(true);
    scrolled->setFocusPolicy(Qt::NoFocus);
    scrolled->setWidget(first);
    m_stack->addWidget(scrolled);
    m_stack->addWidget(buildContexts());
    connect(&m_context.service, &service::Service::clustersChanged, this, &StartPage::update);
    connect(m_clusters, &models::ClusterList::tickRequested, this, [this](const QString &name, bool isTicked) {
        m_context.settings.setTicked(name, isTicked);
        m_context.service.setTicked(models::utf8(name), isTicked);
    });
    update();
}

QString StartPage::title() const
{
    return tr("Start");
}

void StartPage::startFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
}

QWidget *StartPage::card(const QString &iconName, const QString &title, const QString &text, const QString &action,
                         const std::function<void()> &act)
{
    auto *card = new Card(this);
    const int u = unit(this);
    card->setFixedWidth(68 * u);
    auto *column = new QVBoxLayout(card);
    column->setContentsMargins(5 * u, 5 * u, 5 * u, 5 * u);
    column->setSpacing(2 * u);
    column->addWidget(new BigIcon(iconName, card));
    column->addSpacing(u);
    column->addWidget(new TextLabel(TextLabel::Rank::Section, title, card));
    column->addWidget(new TextLabel(TextLabel::Rank::Secondary, text, card));
    column->addStretch();
    column->addSpacing(2 * u);
    auto *button = new QPushButton(action, card);
    button->setAccessibleDescription(text);
    connect(button, &QPushButton::clicked, this, act);
    column->addWidget(button);
    return card;
}

CardGrid *StartPage::buildCards(QWidget *parent)
{
    auto *cards = new CardGrid(parent);
    if (m_context.startDemo)
        cards->add(card(u"look"_s, tr("Look around"),
                        tr("A cluster that lives inside the program, with applications, a drift and a "
                           "Git repository. No set-up, nothing real."),
                        tr("Open the demo cluster"), m_context.startDemo));
    cards->add(card(u"connect"_s, tr("Connect"),
                    tr("Choose kubeconfig files. Their contexts are listed; none is contacted before you tick it."),
                    tr("Choose kubeconfig…"), [this] { chooseKubeconfig(); }));
    cards->add(card(u"compare"_s, tr("Compare two commits"),
                    tr("Pick a repository and see what a change does to the manifests of every "
                       "application. No cluster needed."),
                    tr("Pick a repository…"), [this] { Q_EMIT openRequested({PageKind::Compare, {}, {}}); }));
    return cards;
}

QWidget *StartPage::buildContexts()
{
    const int u = unit(this);
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(6 * u, 5 * u, 6 * u, 4 * u);
    column->setSpacing(2 * u);
    column->addWidget(new TextLabel(TextLabel::Rank::Title, tr("Which clusters do you want to see?"), page));
    m_note = new TextLabel(TextLabel::Rank::Secondary, {}, page);
    column->addWidget(m_note);
    auto *row = new QHBoxLayout;
    row->setSpacing(2 * u);
    m_filter = new QLineEdit(page);
    setUpFilterField(m_filter, tr("Filter contexts"));
    auto *tick = new QPushButton(tr("Tick selected"), page);
    auto *other = new QPushButton(tr("Other kubeconfig…"), page);
    m_open = new QPushButton(tr("Show applications"), page);
    makePrimary(m_open);
    row->addWidget(m_filter, 1);
    row->addWidget(tick);
    row->addWidget(other);
    row->addWidget(m_open);
    column->addLayout(row);
    m_view = new QTreeView(page);
    m_view->setModel(m_clusters);
    m_view->setItemDelegate(new ClusterDelegate(m_view));
    m_view->setRootIsDecorated(false);
    m_view->setUniformRowHeights(true);
    m_view->setHeaderHidden(true);
    m_view->setMouseTracking(true);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setAccessibleName(tr("Contexts of the kubeconfig"));
    auto *frame = new Card(page);
    auto *inner = new QVBoxLayout(frame);
    inner->setContentsMargins(u / 2, u / 2, u / 2, u / 2);
    inner->addWidget(m_view);
    column->addWidget(frame, 1);
    connect(m_filter, &QLineEdit::textChanged, m_clusters, &models::ClusterList::setFilter);
    connect(tick, &QPushButton::clicked, this, &StartPage::tickSelected);
    connect(other, &QPushButton::clicked, this, &StartPage::chooseKubeconfig);
    connect(m_open, &QPushButton::clicked, this, [this] { Q_EMIT openRequested({PageKind::Attention, {}, {}}); });
    return page;
}

void StartPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    const QMargins margins = m_cards->parentWidget()->layout()->contentsMargins();
    m_cards->arrange(width() - margins.left() - margins.right());
}

void StartPage::update()
{
    const service::ClustersPtr snapshot = m_context.service.clusters();
    m_clusters->setNow(m_context.now());
    m_clusters->apply(snapshot);
    QStringList notes{tr("Nothing is contacted before you tick it. %n context(s) in your kubeconfig.", nullptr,
                         m_clusters->totalCount())};
    QStringList problems;
    for (const std::string &problem : snapshot->problems)
        problems << models::sentence(problem);
    notes += problems;
    if (problems.isEmpty())
        m_problem->clear();
    else
        m_problem->show({Mark::Warning, StatusColor::OutOfSync}, problems.join(u'\n'));
    m_note->setText(notes.join(u'\n'));
    m_open->setEnabled(m_clusters->tickedCount() > 0);
    m_open->setToolTip(m_open->isEnabled() ? QString() : tr("Tick at least one context first."));
    m_stack->setCurrentIndex(snapshot->clusters.empty() ? 0 : 1);
}

void StartPage::chooseKubeconfig()
{
    auto *dialog = new QFileDialog(this, tr("Choose kubeconfig files"));
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setFilter(QDir::Files | QDir::Hidden);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList &files) {
        std::vector<std::string> names;
        for (const QString &file : files)
            names.push_back(models::utf8(file));
        service::whenDone(m_context.service.useKubeconfig(names), this,
                          [this, files](const Expected<service::Done> &result) {
                              if (result)
                                  m_context.settings.setKubeconfigFiles(files);
                              else
                                  Q_EMIT noticed(models::sentence(result.error().text()));
                          });
    });
    dialog->open();
}

void StartPage::tickSelected()
{
    // Ticking one may bring news, with which lines move.
    QList<QPersistentModelIndex> selected;
    for (const QModelIndex &index : m_view->selectionModel()->selectedRows())
        selected << index;
    for (const QPersistentModelIndex &index : selected)
        m_clusters->setData(index, Qt::Checked, Qt::CheckStateRole);
}

} // namespace tiphys::ui
