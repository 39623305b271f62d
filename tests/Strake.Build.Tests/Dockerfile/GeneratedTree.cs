using System.Text;

namespace Strake.Build.Tests;

/// <summary>Trees at random, each of which some text says.</summary>
sealed class GeneratedTree(Random random)
{
    const string Letters = "abcXYZ019._-/:$*?[]{}()|&;<>,%@!~^+=éß🐳";

    char escape;

    /// <summary>A tree.</summary>
    public Dockerfile Next()
    {
        escape = random.Next(3) == 0 ? '`' : '\\';
        return new Dockerfile
        {
            Directives = new ParserDirectives { Escape = escape, Syntax = Maybe(() => "a/b:1 c"), Check = Maybe(() => "skip=A,B;error=true") },
            GlobalArgs = [.. Many(0, 3, Arg)],
            Stages = [.. Many(1, 4, () => new Stage { From = From(), Instructions = [.. Many(0, 8, Instruction)] })],
        };
    }

    FromInstruction From() => new() { Base = Plain(), Platform = Maybe(Filled), Name = Maybe(() => "a1-_.b"[..random.Next(1, 6)]) };

    Instruction Instruction() => random.Next(18) switch
    {
        0 => Arg(),
        1 => new EnvInstruction { Pairs = Pairs() },
        2 => new EnvInstruction { Pairs = [new(Name(), Line())], IsLegacy = true },
        3 => new LabelInstruction { Pairs = Pairs() },
        4 => new CmdInstruction { Command = Command() },
        5 => new EntrypointInstruction { Command = Command() },
        6 => new ShellInstruction { Words = [.. Many(1, 4, Text)] },
        7 => new UserInstruction { User = Line() },
        8 => new WorkdirInstruction { Path = Line() },
        9 => new StopsignalInstruction { Signal = Line() },
        10 => new VolumeInstruction { Paths = [.. Many(1, 4, () => Text().Trim() + "x")] },
        11 => new ExposeInstruction { Ports = [.. Many(1, 4, Plain)] },
        12 => Healthcheck(),
        13 => Copy(),
        14 => Add(),
        15 => Onbuild(),
        _ => Run(),
    };

    ArgInstruction Arg() => new() { Declarations = [.. Many(1, 4, () => new ArgDeclaration(Name(), Maybe(Word)))] };

    RunInstruction Run()
    {
        var documents = Documents();
        return new RunInstruction
        {
            Command = documents.Count > 0 ? new ShellCommand(string.Join(' ', documents.Select(Mark)) + " cat") : Command(),
            Documents = documents,
            Mounts = [.. Many(0, 3, () => $"type=bind,source={Text().Replace('"', 'q')},target={Plain().Replace('"', 'q')}")],
            Network = (RunNetwork)random.Next(3),
            Security = (RunSecurity)random.Next(2),
        };
    }

    CopyInstruction Copy() => new()
    {
        Sources = Sources(out var isPlain), Destination = isPlain ? "/" + Tame() : "/" + Text(), From = Maybe(Plain), Owner = Maybe(Filled), Mode = Maybe(Filled),
        IsLinked = Coin(), KeepsParents = Coin(), Excludes = [.. Many(0, 3, Text)],
    };

    AddInstruction Add() => new()
    {
        Sources = Sources(out var isPlain), Destination = isPlain ? "/" + Tame() : "/" + Text(), Owner = Maybe(Filled), Mode = Maybe(Filled), IsLinked = Coin(),
        Excludes = [.. Many(0, 3, Text)], Checksum = Maybe(Filled), KeepsGitDirectory = Coin() ? Coin() : null, Unpacks = Coin() ? Coin() : null,
    };

    OnbuildInstruction Onbuild()
    {
        var trigger = random.Next(4) == 0 ? Copy() : (Instruction)Run();
        var text = DockerfilePrinter.Print(trigger, escape);
        return (OnbuildInstruction)DockerfileParser.Parse($"# escape={escape}\nFROM x\nONBUILD {text}").Stages[0].Instructions[0];
    }

    HealthcheckInstruction Healthcheck() => Coin() ? new HealthcheckInstruction { Command = null } : new HealthcheckInstruction
    {
        Command = Coin() ? new ShellCommand(Line()) : new ExecCommand([.. Many(1, 3, Text)]), Interval = Time(), Timeout = Time(), StartPeriod = Time(), StartInterval = Time(), Retries = random.Next(5),
    };

    CommandLine Command() => Coin() ? new ShellCommand(Line()) : new ExecCommand([.. Many(0, 4, Text)]);

    // Here-documents stand among words; words of any kind need JSON, which has none.
    ValueList<CopySource> Sources(out bool isPlain)
    {
        var documents = Documents();
        isPlain = documents.Count > 0;
        return isPlain
            ? [.. documents.Select(document => (CopySource)new InlineSource(document)), .. Many(0, 3, () => new PathSource(Tame()))]
            : [.. Many(1, 4, () => new PathSource(Text()))];
    }

    ValueList<HereDocument> Documents() => random.Next(3) > 0 ? [] : [.. Many(1, 3, () => new HereDocument
    {
        Name = "E" + Names(random.Next(4)),
        Content = string.Concat(Many(0, 4, () => $"{new string('\t', random.Next(3))}{Line()} x{(Coin() ? "\r" : "")}\n")),
        Expands = Coin(),
        DropsTabs = Coin(),
    })];

    static string Mark(HereDocument document) => $"<<{(document.DropsTabs ? "-" : "")}{(document.Expands ? document.Name : $"\"{document.Name}\"")}";

    ValueList<KeyValueWord> Pairs() => [.. Many(1, 4, () => new KeyValueWord(Name(), Word()))];

    // A word as ENV has them: plain pieces, quoted ones, escaped blanks.
    string Word() => string.Concat(Many(0, 4, () => random.Next(4) switch
    {
        0 => $"\"{Names(3)} {escape}\" '\"",
        1 => $"'{Names(2)} \" '",
        2 => $"{escape} ",
        _ => Plain().Replace("\"", "", StringComparison.Ordinal),
    }));

    string Line() => $"{Plain()}{(Coin() ? "  " : "")}{Plain()} #{Plain()}".Replace("<<", "<", StringComparison.Ordinal);

    string Name() => "n" + Names(random.Next(3));

    string Names(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "abc_.1"[random.Next(6)]));

    string Plain()
    {
        var runes = Letters.EnumerateRunes().ToArray();
        return "p" + string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => runes[random.Next(runes.Length)].ToString())).Replace("<<", "<", StringComparison.Ordinal);
    }

    // With an open "${" beside it a here-document is none.
    string Tame() => Plain().Replace("$", "", StringComparison.Ordinal);

    string Filled() => "f" + Text();

    // Any text in one line.
    string Text()
    {
        var result = new StringBuilder();
        for (var i = random.Next(5); i > 0; i--) result.Append(random.Next(6) switch { 0 => " ", 1 => "\"", 2 => "'", 3 => "\\", 4 => "`", _ => Plain() });
        return result.ToString();
    }

    TimeSpan Time() => random.Next(4) switch { 0 => TimeSpan.Zero, 1 => TimeSpan.FromSeconds(random.Next(1, 9999)), 2 => TimeSpan.FromMilliseconds(random.Next(1, 99999)), _ => TimeSpan.FromTicks(random.Next(10_000, 99_999_999)) };

    bool Coin() => random.Next(2) == 0;

    T? Maybe<T>(Func<T> make)
        where T : class => Coin() ? make() : null;

    IEnumerable<T> Many<T>(int least, int most, Func<T> make) => Enumerable.Range(0, random.Next(least, most)).Select(_ => make()).ToList();
}
