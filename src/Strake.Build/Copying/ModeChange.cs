using System.Globalization;

namespace Strake.Build;

/// <summary>What <c>--chmod</c> says: a number in octal, or clauses such as <c>u=rwX,go=rX</c> (chmod(1)).</summary>
sealed class ModeChange
{
    const int Most = 0xFFF;
    readonly UnixFileMode? absolute;
    readonly string[] clauses = [];

    ModeChange(UnixFileMode mode) => absolute = mode;

    ModeChange(string[] clauses) => this.clauses = clauses;

    /// <summary>Reads it.</summary>
    /// <exception cref="StrakeException">Invalid: neither form.</exception>
    public static ModeChange Parse(string text)
    {
        if (text.Length > 0 && text.All(static c => c is >= '0' and <= '7') && text.Length <= 6)
        {
            var number = Convert.ToInt32(text, 8);
            return number <= Most ? new ModeChange((UnixFileMode)number) : throw Wrong(text);
        }

        var change = new ModeChange(text.Split(','));
        foreach (var clause in change.clauses) Apply(clause, UnixFileMode.None, isDirectory: false, text);
        return change;
    }

    /// <summary>The mode that a file gets.</summary>
    /// <param name="mode">What it had.</param>
    /// <param name="isDirectory">Whether it is a directory: <c>X</c> asks for that.</param>
    public UnixFileMode Of(UnixFileMode mode, bool isDirectory)
    {
        if (absolute is { } all) return all;
        foreach (var clause in clauses) mode = Apply(clause, mode, isDirectory, clause);
        return mode;
    }

    /// <summary>The same change as text, for keys.</summary>
    public override string ToString() => absolute is { } all ? Convert.ToString((int)all, 8) : string.Join(',', clauses);

    static UnixFileMode Apply(string clause, UnixFileMode mode, bool isDirectory, string whole)
    {
        var at = clause.AsSpan().IndexOfAny('+', '-', '=');
        if (at < 0) throw Wrong(whole);
        var who = WhoOf(clause[..at], whole);
        while (at < clause.Length)
        {
            var action = clause[at++];
            var end = clause.AsSpan(at).IndexOfAny('+', '-', '=');
            var letters = end < 0 ? clause[at..] : clause[at..(at + end)];
            var bits = BitsOf(letters, mode, isDirectory, whole) & (who | ((int)UnixFileMode.SetUser | (int)UnixFileMode.SetGroup | (int)UnixFileMode.StickyBit));
            mode = action switch
            {
                '+' => mode | (UnixFileMode)bits,
                '-' => mode & ~(UnixFileMode)bits,
                _ => (mode & ~(UnixFileMode)who) | (UnixFileMode)bits,
            };
            at += letters.Length;
        }

        return mode;
    }

    static int WhoOf(string letters, string whole)
    {
        if (letters.Length == 0) return 0x1FF;
        var who = 0;
        foreach (var c in letters)
        {
            who |= c switch { 'u' => 0x1C0, 'g' => 0x38, 'o' => 0x7, 'a' => 0x1FF, _ => throw Wrong(whole) };
        }

        return who;
    }

    static int BitsOf(string letters, UnixFileMode mode, bool isDirectory, string whole)
    {
        const int execute = 0x49;
        var bits = 0;
        foreach (var c in letters)
        {
            bits |= c switch
            {
                'r' => 0x124,
                'w' => 0x92,
                'x' => execute,
                'X' => isDirectory || ((int)mode & execute) != 0 ? execute : 0,
                's' => (int)UnixFileMode.SetUser | (int)UnixFileMode.SetGroup,
                't' => (int)UnixFileMode.StickyBit,
                'u' => Spread(((int)mode >> 6) & 7),
                'g' => Spread(((int)mode >> 3) & 7),
                'o' => Spread((int)mode & 7),
                _ => throw Wrong(whole),
            };
        }

        return bits;
    }

    static int Spread(int three) => (three << 6) | (three << 3) | three;

    static StrakeException Wrong(string text) => StrakeException.Invalid(
        string.Create(CultureInfo.InvariantCulture, $"invalid chmod parameter: '{text}'. it should be octal string and between 0 and 07777"));
}
