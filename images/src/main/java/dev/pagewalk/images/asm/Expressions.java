package dev.pagewalk.images.asm;

import java.util.Map;

/**
 * Reads and computes integer expressions of 64 bits, with the operators and precedences of the GNU assembler:
 * multiplication and shifts bind tightest, then {@code | & ^}, then {@code + -} and comparisons, then {@code &&}, then
 * {@code ||}. A true comparison is -1; right shifts are logical.
 *
 * <p>Source: the GNU assembler's manual, "Infix Operators" and "Prefix Operators".
 */
final class Expressions {
    private static final int MAX_DEPTH = 200;
    private static final Map<String, Integer> PRECEDENCE = Map.ofEntries(
            Map.entry("*", 5),
            Map.entry("/", 5),
            Map.entry("%", 5),
            Map.entry("<<", 5),
            Map.entry(">>", 5),
            Map.entry("|", 4),
            Map.entry("&", 4),
            Map.entry("^", 4),
            Map.entry("!", 4),
            Map.entry("+", 3),
            Map.entry("-", 3),
            Map.entry("==", 3),
            Map.entry("=", 3),
            Map.entry("!=", 3),
            Map.entry("<>", 3),
            Map.entry("<", 3),
            Map.entry("<=", 3),
            Map.entry(">", 3),
            Map.entry(">=", 3),
            Map.entry("&&", 2),
            Map.entry("||", 1));

    private final Pass pass;
    private int depth;

    Expressions(Pass pass) {
        this.pass = pass;
    }

    /** Reads the expression that stands next; {@code dot} is what {@code .} means. */
    Value parse(Statement statement, Value dot) {
        int depthBefore = depth;
        try {
            return binary(statement, dot, 1);
        } finally {
            depth = depthBefore;
        }
    }

    private Value binary(Statement statement, Value dot, int minPrecedence) {
        Value left = unary(statement, dot);
        while (true) {
            Token operator = statement.peek();
            int precedence = operator.kind() == Token.Kind.SIGN ? PRECEDENCE.getOrDefault(operator.text(), 0) : 0;
            if (precedence < minPrecedence) {
                return left;
            }
            statement.take();
            Value right = binary(statement, dot, precedence + 1);
            left = apply(operator, left, right);
        }
    }

    private Value unary(Statement statement, Value dot) {
        Token token = statement.take();
        if (++depth > MAX_DEPTH) {
            throw new StatementException(
                    token.column(), "this expression is nested deeper than " + MAX_DEPTH + " levels");
        }
        Value value = switch (token.kind()) {
            case NUMBER -> Value.of(token.value());
            case NAME -> token.text().equals(".") ? dot : pass.symbolValue(token);
            case LOCAL_REFERENCE -> pass.numericLabelValue(token);
            case SIGN -> prefixed(token, statement, dot);
            case STRING, END ->
                throw new StatementException(token.column(), "an expression is expected, not " + token.described());
        };
        depth--;
        return value;
    }

    private Value prefixed(Token sign, Statement statement, Value dot) {
        switch (sign.text()) {
            case "(":
                Value inner = binary(statement, dot, 1);
                statement.expect(")");
                return inner;
            case "-":
                return Value.of(0).minus(unary(statement, dot));
            case "+":
                return unary(statement, dot);
            case "~":
                return Value.of(-1).minus(unary(statement, dot));
            case "!":
                Value operand = unary(statement, dot).resolved();
                return operand.known() ? Value.of(operand.number() == 0 ? 1 : 0) : operand;
            default:
                throw new StatementException(sign.column(), "an expression is expected, not " + sign.described());
        }
    }

    private static Value apply(Token operator, Value left, Value right) {
        switch (operator.text()) {
            case "+":
                return left.plus(right);
            case "-":
                return left.minus(right);
            case "==", "=", "!=", "<>", "<", "<=", ">", ">=":
                Value difference = left.minus(right);
                if (difference.isNumber() && left.section() != null && left.section() == right.section()) {
                    return comparison(operator.text(), left.number(), right.number());
                }
                break;
            default:
                break;
        }
        Value a = left.resolved();
        Value b = right.resolved();
        return a.known() && b.known() ? Value.of(compute(operator, a.number(), b.number())) : Value.UNKNOWN;
    }

    private static Value comparison(String operator, long a, long b) {
        return Value.of(compare(operator, a, b) ? -1 : 0);
    }

    private static boolean compare(String operator, long a, long b) {
        return switch (operator) {
            case "==", "=" -> a == b;
            case "!=", "<>" -> a != b;
            case "<" -> a < b;
            case "<=" -> a <= b;
            case ">" -> a > b;
            default -> a >= b;
        };
    }

    private static long compute(Token operator, long a, long b) {
        return switch (operator.text()) {
            case "*" -> a * b;
            case "/" -> a / divisor(operator, b);
            case "%" -> a % divisor(operator, b);
            case "<<" -> Long.compareUnsigned(b, 64) < 0 ? a << b : 0;
            case ">>" -> Long.compareUnsigned(b, 64) < 0 ? a >>> b : 0;
            case "|" -> a | b;
            case "&" -> a & b;
            case "^" -> a ^ b;
            case "!" -> a | ~b;
            case "&&" -> a != 0 && b != 0 ? 1 : 0;
            case "||" -> a != 0 || b != 0 ? 1 : 0;
            default -> compare(operator.text(), a, b) ? -1 : 0;
        };
    }

    private static long divisor(Token operator, long value) {
        if (value == 0) {
            throw new StatementException(operator.column(), "division by zero");
        }
        return value;
    }
}
