namespace Strake.Daemon.Configuration;

/// <summary>A command line taken apart.</summary>
/// <param name="Flags">The flags, in order.</param>
/// <param name="Arguments">What is no flag, in order.</param>
public sealed record CommandLine(IReadOnlyList<GivenFlag> Flags, IReadOnlyList<string> Arguments)
{
    /// <summary>Takes a command line apart, as the docker programs do: <c>--name value</c>, <c>--name=value</c>, <c>-n value</c>,
    /// <c>-nvalue</c>, <c>-ab</c> for two switches; <c>--</c> ends the flags.</summary>
    /// <param name="words">The words behind the command's name.</param>
    /// <param name="known">The flags that there are.</param>
    /// <param name="refusal">What to say to a flag that is not known; given its name as written. Null: <c>unknown flag</c>.</param>
    /// <exception cref="StrakeException">Invalid: an unknown flag, or a value is missing.</exception>
    public static CommandLine Parse(
        IReadOnlyList<string> words, IReadOnlyCollection<CommandFlag> known, Func<string, StrakeException>? refusal = null)
    {
        var flags = new List<GivenFlag>();
        var arguments = new List<string>();
        var rest = new Queue<string>(words);
        while (rest.TryDequeue(out string? word))
        {
            if (word is "--")
            {
                arguments.AddRange(rest);
                break;
            }

            if (word.StartsWith("--", StringComparison.Ordinal)) flags.Add(ReadLong(word, rest, known, refusal));
            else if (word.Length > 1 && word[0] == '-') ReadLetters(word, rest, known, flags);
            else arguments.Add(word);
        }

        return new(flags, arguments);
    }

    /// <summary>The last value given for a flag; null where there is none.</summary>
    public string? Value(string flag) => Values(flag).LastOrDefault();

    /// <summary>All values given for a flag.</summary>
    public IEnumerable<string> Values(string flag) =>
        Flags.Where(given => string.Equals(given.Name, flag, StringComparison.Ordinal)).Select(static given => given.Value);

    static GivenFlag ReadLong(
        string word, Queue<string> rest, IReadOnlyCollection<CommandFlag> known, Func<string, StrakeException>? refusal)
    {
        int equals = word.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? word[2..] : word[2..equals];
        CommandFlag flag = known.FirstOrDefault(flag => string.Equals(flag.Name, name, StringComparison.Ordinal))
            ?? throw refusal?.Invoke(name) ?? StrakeException.Invalid($"unknown flag: --{name}");
        if (equals >= 0) return new(name, word[(equals + 1)..]);
        if (flag.IsSwitch) return new(name, "true");
        return new(name, rest.TryDequeue(out string? value) ? value : throw StrakeException.Invalid($"flag needs an argument: --{name}"));
    }

    static void ReadLetters(string word, Queue<string> rest, IReadOnlyCollection<CommandFlag> known, List<GivenFlag> flags)
    {
        for (int i = 1; i < word.Length; i++)
        {
            char letter = word[i];
            CommandFlag flag = known.FirstOrDefault(flag => flag.Letter == letter)
                ?? throw StrakeException.Invalid($"unknown shorthand flag: '{letter}' in {word}");
            if (flag.IsSwitch)
            {
                flags.Add(new(flag.Name, "true"));
                continue;
            }

            string value = word[(i + 1)..];
            if (value.StartsWith('=')) value = value[1..];
            if (i + 1 == word.Length && !rest.TryDequeue(out value!)) throw StrakeException.Invalid($"flag needs an argument: '{letter}' in {word}");
            flags.Add(new(flag.Name, value));
            return;
        }
    }
}
