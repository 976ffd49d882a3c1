//! Automata over digits with shared subgraphs, written out as edges.

use std::collections::HashMap;
use std::hash::Hash;

/// The bit of a label that applies only at the end of the digits.
pub(super) const AT_END: u16 = 1 << 12;

/// The source of an automaton: it reads digits, and a state has labels.
pub(super) trait Machine {
    type State: Clone + Eq + Hash;
    fn start(&self) -> Self::State;
    fn step(&self, state: &Self::State, digit: usize) -> Option<Self::State>;
    fn labels(&self, state: &Self::State) -> Vec<u16>;
}

/// A node: its labels, and the nodes that the digits lead to.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub(super) labels: Vec<u16>,
    pub(super) next: [Option<usize>; 10],
}

/// All nodes, without duplicates and cycles, so that a number's length bounds a walk.
#[derive(Default)]
pub(super) struct Nodes {
    known: HashMap<Node, usize>,
    list: Vec<Node>,
}

/// The number of common nodes: with more or fewer the table compresses less.
const COMMON: usize = 48;

/// An edge: its digits; whether it is its node's last; and the node it leads to. Without digits it
/// is a label.
pub(super) struct Edge {
    pub(super) digits: u16,
    pub(super) last: bool,
    pub(super) to: u16,
}

impl Nodes {
    /// The first node of a machine's automaton; `None` if it has no labels.
    pub(super) fn build<M: Machine>(&mut self, machine: &M) -> Option<usize> {
        self.visit(machine, machine.start(), &mut HashMap::new())
    }

    fn visit<M: Machine>(
        &mut self,
        machine: &M,
        state: M::State,
        visited: &mut HashMap<M::State, Option<usize>>,
    ) -> Option<usize> {
        if let Some(node) = visited.get(&state) {
            return *node;
        }
        let next =
            std::array::from_fn(|digit| self.visit(machine, machine.step(&state, digit)?, visited));
        let node = self.add(Node { labels: machine.labels(&state), next });
        visited.insert(state, node);
        node
    }

    /// The node equal to this one; `None` for a node without edges and labels.
    pub(super) fn add(&mut self, node: Node) -> Option<usize> {
        if node.labels.is_empty() && node.next == [None; 10] {
            return None;
        }
        let count = self.list.len();
        let number = *self.known.entry(node.clone()).or_insert(count);
        if number == count {
            self.list.push(node);
        }
        Some(number)
    }

    /// The edges of these nodes, and for each node the index of its first edge; and how many edges
    /// come before those that are addressed by distance.
    ///
    /// Optimizes the compressed size: the nodes with the most incoming edges come first and are
    /// addressed by index.
    pub(super) fn edges(&self, nodes: &[usize]) -> (Vec<Edge>, Vec<usize>, usize) {
        let edges_of: Vec<Vec<(u16, usize)>> = self.list.iter().map(Node::edges).collect();
        let mut led_to = vec![0; self.list.len()];
        for (_, to) in edges_of.iter().flatten().filter(|(digits, _)| *digits != 0) {
            led_to[*to] += 1;
        }
        let mut ranks: Vec<usize> = (0..self.list.len()).collect();
        ranks.sort_by_key(|&node| std::cmp::Reverse(led_to[node]));
        // The first node keeps its index, which means "none" in the table.
        let mut order = vec![0];
        for &node in &ranks[..COMMON] {
            append(&edges_of, node, &mut order);
        }
        let common: usize = order.iter().map(|&node| edges_of[node].len()).sum();
        for &node in nodes {
            append(&edges_of, node, &mut order);
        }

        let mut places = vec![0; self.list.len()];
        let mut edges: Vec<Edge> = Vec::new();
        for node in order {
            let place = edges.len();
            places[node] = place;
            for (index, &(digits, to)) in edges_of[node].iter().enumerate() {
                let to = match digits {
                    0 => to,
                    _ if places[to] < common => places[to],
                    _ => common + place - places[to],
                };
                let last = index + 1 == edges_of[node].len();
                edges.push(Edge { digits, last, to: to as u16 });
            }
        }
        (edges, places, common)
    }
}

impl Node {
    /// The digits of each edge, and the node it leads to or, without digits, the label.
    fn edges(&self) -> Vec<(u16, usize)> {
        let mut edges: Vec<_> = self.labels.iter().map(|&label| (0, label.into())).collect();
        let mut nodes: Vec<usize> = self.next.iter().flatten().copied().collect();
        nodes.sort_unstable();
        nodes.dedup();
        for node in nodes {
            let leads = |digit: &usize| self.next[*digit] == Some(node);
            edges.push(((0..10).filter(leads).fold(0, |set, digit| set | 1 << digit), node));
        }
        // The labels first, and the rest in the order that compresses best.
        edges.sort_by_key(|(digits, _)| *digits);
        edges
    }
}

/// Appends a node after all that it leads to, unless it exists.
fn append(edges_of: &[Vec<(u16, usize)>], node: usize, order: &mut Vec<usize>) {
    if order.contains(&node) {
        return;
    }
    for (_, to) in edges_of[node].iter().filter(|(digits, _)| *digits != 0) {
        append(edges_of, *to, order);
    }
    order.push(node);
}
