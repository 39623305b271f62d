namespace Strake.Build;

/// <summary>A here-document: the lines between <c>&lt;&lt;NAME</c> and a line <c>NAME</c>.</summary>
public sealed record HereDocument
{
    /// <summary>The name without quotes; for COPY and ADD also the file's name.</summary>
    public required string Name { get; init; }

    /// <summary>The lines between, as they stand, each with its line ending; empty when there are none.</summary>
    public required string Content { get; init; }

    /// <summary>Whether variables are put in: the name was not quoted. RUN leaves that to the shell.</summary>
    public bool Expands { get; init; } = true;

    /// <summary><c>&lt;&lt;-</c>: tabs at the start of lines are dropped.</summary>
    public bool DropsTabs { get; init; }

    /// <summary>The content as a file gets it: without leading tabs if <see cref="DropsTabs"/>. Variables are as they were written.</summary>
    public string Text => DropsTabs ? WithoutTabs(Content) : Content;

    static string WithoutTabs(string text)
    {
        var result = new System.Text.StringBuilder(text.Length);
        var atStart = true;
        foreach (var c in text)
        {
            if (atStart && c == '\t') continue;
            result.Append(c);
            atStart = c == '\n';
        }

        return result.ToString();
    }
}
