using System.Text;

namespace Strake.Build;

/// <summary>Reads Dockerfiles. Pure; the time is proportional to the text's length.</summary>
/// <remarks>
/// <para>The rules are those of the Dockerfile reference and, where it is silent, of BuildKit's frontend <c>docker/dockerfile:1.17</c>; so
/// are the messages, which users know and search for. Refusals carry a <see cref="DockerfileFault"/>.</para>
/// <para>As there, the whole file is first taken apart into instructions, and then each of them is read: a fault of the first kind
/// (an open here-document in the last line) is told before one of the second (an unknown instruction in the first).</para>
/// </remarks>
public static class DockerfileParser
{
    /// <summary>Reads a Dockerfile.</summary>
    /// <param name="bytes">The file, UTF-8 with or without byte order mark; what is no UTF-8 becomes U+FFFD.</param>
    /// <param name="warnings">Gets what works and should not be so, by the rules that the directive <c>check</c> does not skip; null: nobody asks.</param>
    /// <exception cref="StrakeException">
    /// Invalid: it is none; see <see cref="DockerfileFault.Of"/> for where. Also with warnings, when somebody asks for them and the directive
    /// <c>check</c> says that they are errors.
    /// </exception>
    public static Dockerfile Parse(ReadOnlySpan<byte> bytes, ICollection<DockerfileWarning>? warnings = null)
    {
        var text = SourceText.Read(bytes);
        var directives = DirectiveReader.Read(text);
        List<DockerfileWarning> found = [];
        var instructions = Split(text, directives.Escape, found);
        if (instructions.Count == 0) throw DockerfileFault.Invalid("file with no instructions", new SourceLines(Math.Max(text.Count, 1), Math.Max(text.Count, 1)));
        var tree = Tree(directives, instructions.Select(raw => Read(raw, directives.Escape)));
        if (warnings is not null) Check(tree, found, warnings);
        return tree;
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte}, ICollection{DockerfileWarning})"/>
    /// <param name="text">The file.</param>
    /// <param name="warnings">Gets what works and should not be so.</param>
    public static Dockerfile Parse(string text, ICollection<DockerfileWarning>? warnings = null) => Parse(Encoding.UTF8.GetBytes(text), warnings);

    /// <summary>Reads a trigger of ONBUILD as an image's config has it.</summary>
    /// <param name="expression">One instruction. The escape character is a backslash unless a directive in it says otherwise.</param>
    /// <exception cref="StrakeException">Invalid: it is none, or more than one, or one that triggers cannot be.</exception>
    public static Instruction ParseTrigger(string expression)
    {
        var text = SourceText.Read(Encoding.UTF8.GetBytes(expression));
        var escape = DirectiveReader.Read(text).Escape;
        if (Split(text, escape, warnings: null) is not [var raw]) throw DockerfileFault.Invalid("onbuild trigger should be a single expression", new SourceLines(1, text.Count));
        return Read(raw, escape) switch
        {
            OnbuildInstruction => throw DockerfileFault.Invalid("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed", raw.Lines),
            FromInstruction or MaintainerInstruction => throw DockerfileFault.Invalid($"{raw.Keyword} isn't allowed as an ONBUILD trigger", raw.Lines),
            var trigger => trigger,
        };
    }

    /// <summary>Reads instructions that belong to no stage.</summary>
    /// <param name="text">One after the other; may be none.</param>
    /// <param name="allowed">The names of those that may stand there, in capitals.</param>
    /// <exception cref="StrakeException">Invalid: one that is none, or that is not allowed.</exception>
    internal static IReadOnlyList<Instruction> ParseChanges(string text, IReadOnlySet<string> allowed)
    {
        if (string.IsNullOrWhiteSpace(text)) return [];
        var source = SourceText.Read(Encoding.UTF8.GetBytes(text));
        var escape = DirectiveReader.Read(source).Escape;
        var instructions = Split(source, escape, warnings: null);
        var stranger = instructions.Find(raw => !allowed.Contains(raw.Keyword));
        if (stranger is not null) throw DockerfileFault.Invalid($"{stranger.Name} is not a valid change command", stranger.Lines);
        return [.. instructions.Select(raw => Read(raw, escape))];
    }

    static void Check(Dockerfile tree, List<DockerfileWarning> found, ICollection<DockerfileWarning> warnings)
    {
        var options = CheckOptions.Parse(tree.Directives.Check);
        new DockerfileChecks(tree, found).Run();
        found.RemoveAll(warning => !options.Counts(warning.Rule));
        foreach (var warning in found) warnings.Add(warning);
        if (options.FailsOnWarning && found.Count > 0)
            throw DockerfileFault.Invalid($"lint violation found for rules: {string.Join(", ", found.Select(warning => warning.Rule).Distinct())}", found[0].Lines);
    }

    static List<RawInstruction> Split(SourceText text, char escape, List<DockerfileWarning>? warnings)
    {
        List<RawInstruction> instructions = [];
        var lines = new LineReader(text, escape);
        while (lines.Next() is { } line)
        {
            if (line.HasEmptyLine)
                warnings?.Add(new DockerfileWarning("NoEmptyContinuation", "Empty continuation line", new SourceLines(line.Lines.End, line.Lines.End)));
            try
            {
                var raw = RawInstruction.Split(line.Text, escape);
                var documents = Documents(raw, lines);
                instructions.Add(raw with { Documents = documents, Lines = line.Lines with { End = lines.Number } });
                InstructionParser.CheckSyntax(raw, escape);
            }
            catch (StrakeException e)
            {
                throw new DockerfileFault(line.Lines with { End = lines.Number }).AttachTo(e);
            }
        }

        return instructions;
    }

    static ValueList<HereDocument> Documents(RawInstruction raw, LineReader lines)
    {
        var command = raw.Trigger ?? raw;
        if (command.Keyword is not ("RUN" or "COPY" or "ADD") || command.Json is not null) return [];
        List<HereDocument> documents = [];
        foreach (var mark in HereDocumentMark.FindIn(raw.Text)) documents.Add(mark.Read(lines) ?? throw DockerfileFault.Invalid("unterminated heredoc"));
        return [.. documents];
    }

    static Instruction Read(RawInstruction raw, char escape)
    {
        try
        {
            return InstructionParser.Parse(raw, escape);
        }
        catch (StrakeException e)
        {
            throw DockerfileFault.Invalid($"dockerfile parse error on line {raw.Lines.Start}: {e.Message}", raw.Lines);
        }
    }

    static Dockerfile Tree(ParserDirectives directives, IEnumerable<Instruction> instructions)
    {
        List<ArgInstruction> globals = [];
        List<(FromInstruction From, List<Instruction> Instructions)> stages = [];
        foreach (var instruction in instructions)
        {
            if (instruction is FromInstruction from) stages.Add((from, []));
            else if (stages.Count > 0) stages[^1].Instructions.Add(instruction);
            else if (instruction is ArgInstruction arg) globals.Add(arg);
            else throw DockerfileFault.Invalid("no build stage in current context", instruction.Lines);
        }

        if (stages.Count == 0) throw DockerfileFault.Invalid("dockerfile contains no stages to build", globals[^1].Lines, "A Dockerfile begins with FROM and the name of an image.");
        return new Dockerfile
        {
            Directives = directives,
            GlobalArgs = [.. globals],
            Stages = [.. stages.Select(stage => new Stage { From = stage.From, Instructions = [.. stage.Instructions] })],
        };
    }
}
