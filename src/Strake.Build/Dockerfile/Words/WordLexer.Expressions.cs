namespace Strake.Build;

/// <content>What begins with a dollar sign.</content>
sealed partial class WordLexer
{
    string? Dollar()
    {
        at++;
        if (IsAtEnd || source[at] != '{')
        {
            var plain = Name();
            if (plain.Length == 0) return "$";
            return Value(plain) ?? (options.HasFlag(ExpansionOptions.KeepUnset) ? "$" + plain : "");
        }

        at++;
        if (IsAtEnd) return Fail("syntax error: missing '}'");
        if (source[at] is '{' or '}' or ':') return Fail("syntax error: bad substitution");
        var name = Name();
        var modifier = Next();
        switch (modifier)
        {
            case "}":
                return Value(name) ?? (options.HasFlag(ExpansionOptions.KeepUnset) ? $"${{{name}}}" : "");
            case ":":
                return Modified(name, Next(), emptyIsUnset: true);
            case "+" or "-" or "?" or "#" or "%":
                return Modified(name, modifier, emptyIsUnset: false);
            case "/":
                return Replaced(name);
            default:
                return Fail($"unsupported modifier ({modifier}) in substitution");
        }
    }

    string? Modified(string name, string modifier, bool emptyIsUnset)
    {
        var shown = emptyIsUnset ? ":" + modifier : modifier;
        var isPattern = modifier is "#" or "%";
        if (emptyIsUnset && isPattern) return Fail($"unsupported modifier ({shown}) in substitution");
        if (Until('}', isPattern) is not { } word) return IsAtEnd ? Fail("syntax error: missing '}'") : null;

        var value = Value(name);
        if (value is null && options.HasFlag(ExpansionOptions.KeepUnset)) return $"${{{name}{shown}{word}}}";
        var isSet = value is not null && !(emptyIsUnset && value.Length == 0);
        return modifier switch
        {
            "-" => isSet ? value : word,
            "+" => isSet ? word : "",
            "?" when isSet => value,
            "?" => Fail($"{name}: {(word.Length > 0 ? word : value is null ? "is not allowed to be unset" : "is not allowed to be empty")}"),
            "#" or "%" => Trimmed(value ?? "", modifier[0], word),
            _ => Fail($"unsupported modifier ({shown}) in substitution"),
        };
    }

    // ${v#p}: without the shortest start that p matches; ${v##p}: the longest; % likewise at the end.
    string? Trimmed(string value, char side, string word)
    {
        var isLongest = word.StartsWith(side);
        if (Pattern(isLongest ? word[1..] : word) is not { } pattern) return null;
        return pattern.Trim(value, atEnd: side == '%', isLongest, ref steps) ?? Fail(TakesTooLong);
    }

    string? Replaced(string name)
    {
        var isAll = !IsAtEnd && source[at] == '/';
        if (isAll) at++;
        if (Until('/', keepingEscapes: true) is not { } word) return IsAtEnd ? Fail("syntax error: missing '/' in ${}") : null;
        if (Until('}', keepingEscapes: true) is not { } replacement) return IsAtEnd ? Fail("syntax error: missing '}'") : null;
        var value = Value(name);
        if (value is null && options.HasFlag(ExpansionOptions.KeepUnset)) return $"${{{name}/{word}/{replacement}}}";
        if (Pattern(word) is not { } pattern) return null;
        return pattern.Replace(value ?? "", replacement, isAll, mostChars, ref steps) ?? Fail(TakesTooLong);
    }

    ShellPattern? Pattern(string text)
    {
        if (ShellPattern.TryParse(text, out var pattern, out var why)) return pattern;
        Fail($"invalid pattern ({text}) in substitution: {why}");
        return null;
    }

    // A name, a number, one of the shell's special parameters, or nothing.
    string Name()
    {
        var start = at;
        if (IsAtEnd) return "";
        if (char.IsDigit(source[at]))
        {
            while (!IsAtEnd && char.IsDigit(source[at])) at++;
        }
        else if (source[at] is '@' or '*' or '#' or '?' or '-' or '$' or '!')
        {
            at++;
        }
        else
        {
            while (!IsAtEnd && (source[at] == '_' || char.IsLetterOrDigit(source, at))) at += char.IsSurrogatePair(source, at) ? 2 : 1;
        }

        return source[start..at];
    }

    // One character; what stands for the end in Go's messages when there is none.
    string Next()
    {
        if (IsAtEnd) return "\ufffd";
        var length = char.IsSurrogatePair(source, at) ? 2 : 1;
        at += length;
        return source.Substring(at - length, length);
    }

    string? Value(string name)
    {
        var value = variables(name);
        if (seen.Add(name)) (value is null ? missing : used).Add(name);
        return value;
    }
}
