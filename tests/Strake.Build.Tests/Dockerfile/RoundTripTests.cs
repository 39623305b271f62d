namespace Strake.Build.Tests;

public class RoundTripTests
{
    public static TheoryData<string> Names => [.. Corpus.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_tree_is_printed_so_that_it_is_read_again(string name)
    {
        var tree = DockerfileParser.Parse(Corpus.Read(name));
        var text = DockerfilePrinter.Print(tree);
        Assert.Equal(tree, DockerfileParser.Parse(text));
        Assert.Equal(text, DockerfilePrinter.Print(DockerfileParser.Parse(text)));
    }
}
