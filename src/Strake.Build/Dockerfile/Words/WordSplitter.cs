using System.Text;

namespace Strake.Build;

/// <summary>Splits the result of an expansion into words while it is made.</summary>
sealed class WordSplitter
{
    readonly List<string> words = [];
    readonly StringBuilder word = new();

    /// <summary>A character that separates words if it is a blank.</summary>
    public void Add(char c)
    {
        if (!char.IsWhiteSpace(c)) word.Append(c);
        else if (word.Length > 0) End();
    }

    /// <summary>Text whose blanks separate words.</summary>
    public void Add(string text)
    {
        foreach (var c in text) Add(c);
    }

    /// <summary>A character that is part of a word whatever it is.</summary>
    public void AddQuoted(char c) => word.Append(c);

    /// <summary>Text that is part of a word with all its blanks.</summary>
    public void AddQuoted(string text) => word.Append(text);

    /// <summary>Drops the word begun.</summary>
    public void Forget() => word.Clear();

    /// <summary>The words; the splitter is done.</summary>
    public ValueList<string> Finish()
    {
        if (word.Length > 0) End();
        return [.. words];
    }

    void End()
    {
        words.Add(word.ToString());
        word.Clear();
    }
}
