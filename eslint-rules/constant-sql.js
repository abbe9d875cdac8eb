/**
 * The text of a statement is constant; what comes from outside is one of its parameters (`$1`).
 *
 * Constant is what can be read off the file: literals; templates, sums and choices of what is constant; a `const` with such
 * a value; a function of the file that makes one of what it is given, given constants; a constant of another `*.sql.ts`,
 * where the same is asked of every text that is exported; the JSON of something imported.
 */
export default {
  meta: {
    type: 'problem',
    schema: [],
    messages: { glued: 'The text of a statement is constant: what comes from outside is a parameter, like $1.' },
  },
  create(context) {
    const { sourceCode, filename } = context;

    function check(node, text = node) {
      if (!isConstant(text, new Set())) context.report({ node, messageId: 'glued' });
    }

    /** @param seen what is being looked at already, and parameters whose arguments are looked at where the call is */
    function isConstant(node, seen) {
      switch (node?.type) {
        case 'Literal':
          return true;
        case 'TemplateLiteral':
          return node.expressions.every((part) => isConstant(part, seen));
        case 'BinaryExpression':
          return node.operator === '+' && isConstant(node.left, seen) && isConstant(node.right, seen);
        case 'ConditionalExpression':
          return isConstant(node.consequent, seen) && isConstant(node.alternate, seen);
        case 'TSAsExpression':
        case 'TSSatisfiesExpression':
        case 'TSNonNullExpression':
          return isConstant(node.expression, seen);
        case 'Identifier':
          return isConstantName(node, seen);
        case 'CallExpression':
          return isConstantCall(node, seen);
        default:
          return false;
      }
    }

    function isConstantName(node, seen) {
      const variable = variableOf(node);
      if (variable === undefined || variable.defs.length !== 1) return false;
      if (seen.has(variable)) return true;
      const [{ type, node: definition, parent }] = variable.defs;
      if (type === 'ImportBinding') return parent.source.value.endsWith('.sql.ts');
      if (type !== 'Variable' || parent.kind !== 'const' || definition.id.type !== 'Identifier') return false;
      return isConstant(definition.init, new Set([...seen, variable]));
    }

    function isConstantCall(node, seen) {
      if (sourceCode.getText(node.callee) === 'JSON.stringify') return isImported(node.arguments[0]);
      if (node.callee.type !== 'Identifier') return false;
      const made = functionOf(variableOf(node.callee));
      if (made === undefined || !made.params.every(({ type }) => type === 'Identifier')) return false;
      const parameters = made.params.map(variableOf);
      return (
        node.arguments.every((given) => isConstant(given, seen)) &&
        isConstant(made.body, new Set([...seen, ...parameters]))
      );
    }

    /** An arrow function that is one expression. */
    function functionOf(variable) {
      const [definition] = variable?.defs ?? [];
      const init = definition?.type === 'Variable' && definition.parent.kind === 'const' ? definition.node.init : null;
      return init?.type === 'ArrowFunctionExpression' && init.body.type !== 'BlockStatement' ? init : undefined;
    }

    function isImported(node) {
      if (node?.type === 'MemberExpression' && !node.computed) return isImported(node.object);
      return node?.type === 'Identifier' && variableOf(node)?.defs[0]?.type === 'ImportBinding';
    }

    function variableOf(node) {
      for (let scope = sourceCode.getScope(node); scope !== null; scope = scope.upper) {
        const found = scope.set.get(node.name);
        if (found !== undefined) return found;
      }
      return undefined;
    }

    return {
      CallExpression(node) {
        const { callee } = node;
        const name = callee.type === 'MemberExpression' ? (callee.property.name ?? callee.property.value) : callee.name;
        const [text] = node.arguments;
        if (name !== 'query' || text === undefined) return;
        if (text.type !== 'ObjectExpression') return check(text);
        const own = text.properties.find((property) => property.key?.name === 'text');
        check(text, own?.value);
      },
      'ExportNamedDeclaration > VariableDeclaration > VariableDeclarator'({ init }) {
        if (filename.endsWith('.sql.ts') && ['TemplateLiteral', 'BinaryExpression'].includes(init?.type)) check(init);
      },
    };
  },
};
