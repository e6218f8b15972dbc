"""Tables that the pages hand over."""

from web.csv_files import download_csv


def test_a_table_is_utf_8_for_spreadsheets_and_none_of_its_cells_is_a_formula() -> None:
    answer = download_csv("a.csv", ["name", "@count"], [["=1+1", -1], ["ផ្សារ", None]])
    assert bytes(answer.body).decode() == "\ufeffname,'@count\r\n'=1+1,'-1\r\nផ្សារ,\r\n"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="a.csv"'
